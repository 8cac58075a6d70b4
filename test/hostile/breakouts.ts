/**
 * Ways out of every context that text of a document is put into: strings, templates, comments, keys, indexes, types, imports,
 * Markdown, HTML, diagrams, templates of Handlebars, terminals, file names, prototypes. Each holds the call that must never
 * become one.
 */

/** Makes the text that is planted, of the call that would betray that it got out. */
export type Breakout = (call: string) => string;

const fence = "```";

export const BREAKOUTS: Readonly<Record<string, Breakout>> = {
  // Strings
  "a double quote": (call) => `x"); ${call}; ("`,
  "a double quote in data": (call) => `x", y: ${call}, z: "`,
  "a single quote": (call) => `x'); ${call}; ('`,
  "a backtick": (call) => `x\`); ${call}; (\``,
  "a substitution": (call) => `x\${${call}}`,
  "a substitution after a backtick": (call) => `\`\${${call}}\``,
  "a backslash before a quote": (call) => `x\\"; ${call}; //`,
  "two backslashes before a quote": (call) => `x\\\\"; ${call}; //`,
  "a backslash at the end": (call) => `${call}\\`,
  "an escape of a quote": (call) => `x\\u0022); ${call}; (\\x22`,
  // Comments
  "the end of a comment": (call) => `x */ ${call}; /*`,
  "the end of a comment in stars": (call) => `x **/ ${call}; /**`,
  "an escaped end of a comment": (call) => `x *\\/ ${call}; *\\\\/ ${call}; /*`,
  "an end of a comment over two lines": (call) => `x *\n/ ${call}; *\r/ ${call}; *\u2028/ ${call}; /*`,
  "an end of a comment around invisible characters": (call) => `x *\u200b/ ${call}; *\0/ ${call}; *\ufeff/ ${call}; *\u00ad/`,
  "a slash first": (call) => `/ ${call}; /*`,
  "a star last": (call) => `${call} *`,
  "a comment": (call) => `// ${call}\n/* ${call}`,
  // Lines
  "a line break": (call) => `x\n${call};\n`,
  "a carriage return": (call) => `x\r${call};\r`,
  both: (call) => `x\r\n${call};\r\n`,
  "a line separator": (call) => `x\u2028${call};\u2029${call};`,
  "old ends of lines": (call) => `x\u0085${call};\v${call};\f${call};`,
  "many lines": (call) => `${"x\n\n".repeat(40)}${call};`,
  // Keys, indexes, types, statements
  "a computed key": (call) => `x"]: ${call}, ["y`,
  "a key without quotes": (call) => `x]: ${call}, [y`,
  "the end of an index": (call) => `x"]; ${call}; type A = ["x`,
  "the end of an object": (call) => `x } as const; ${call}; const y = { z`,
  "the end of a type": (call) => `x: string }; ${call}; export interface y { z`,
  "an assertion": (call) => `x" as typeof ${call} as "`,
  "an import": (call) => `./x.js"; ${call}; import "data:text/javascript,${call}`,
  "a type from elsewhere": (call) => `import("data:text/javascript,${call}").x`,
  "an identifier by escapes": (call) => `\\u{70}\\u0077ned; ${call}`,
  "an element": (call) => `<x y={${call}} />`,
  // What tools read in comments
  "an order to ignore": (call) => `@ts-ignore ${call}`,
  "an order to ignore all": (call) => `@ts-nocheck ${call}\n@ts-ignore\n@ts-expect-error`,
  "a reference": (call) => `/ <reference path="${call}" />`,
  "a pragma": (call) => `@jsx ${call}\n@jsxImportSource ${call}\n@import ${call}`,
  "a source map": (call) => `x\n//# sourceMappingURL=data:application/json,${call}\n//@ sourceURL=${call}`,
  "a source map in a word": (call) => `# sourceMappingURL=${call}`,
  "a tag of a doc comment": (call) => `@example ${call}\n@deprecated\n@see {@link ${call}}`,
  "an order to a linter": (call) => `eslint-disable\nbiome-ignore-all lint: ${call}\nprettier-ignore\n#__PURE__ @vite-ignore`,
  // Templates of Handlebars
  "a template": (call) => `{{${call}}} {{{${call}}}} {{&${call}}}`,
  "a template that ends a block": (call) => `{{/each}}{{/if}}{{> banner}}{{else}}{{!-- ${call}`,
  "a template that looks up": (call) => `{{lookup . "constructor"}}{{#with "s"}}{{../${call}}}{{/with}}`,
  "a template that asks": (call) => `{{str ${call}}}{{log ${call}}}`,
  // HTML
  "the end of a script": (call) => `</script><script>${call}</script>`,
  "an image": (call) => `<img src=x onerror=${call}>`,
  "the end of a comment of HTML": (call) => `--> <script>${call}</script> --!> <!-- ${call}`,
  entities: (call) => `&lt;script&gt;${call}&lt;/script&gt;&#x3c;b&#62;`,
  "an open tag": (call) => `<a href="x" onclick="${call}`,
  "an instruction and data": (call) => `<?x ${call}?> <![CDATA[${call}]]> <!X ${call}>`,
  // Markdown
  "a link": (call) => `[x](javascript:${call}) ![x](javascript:${call})`,
  "a link without a text": (call) => `<javascript:${call}> <x@y.example>`,
  "a definition of a link": (call) => `[x]: javascript:${call}\n\n[x][x] [x]`,
  "a footnote": (call) => `[^1]\n\n[^1]: ${call}`,
  "a cell": (call) => `x | ${call} | \`|\` \\| \\\\| \`\\|\``,
  "a table": (call) => `| a | b |\n| --- | --- |\n| <b>${call}</b> | |`,
  "a fence": (call) => `x\n${fence}\n${call}\n${fence}\n~~~\n${call}\n~~~\n`,
  "a fence on one line": (call) => `${fence} ${call} ${fence} <b> ~~~`,
  "an odd number of backticks": (call) => `\`x\`\`<b>${call}\`\`\`<i>\``,
  "a heading": (call) => `# ${call}\n## ${call}\nx\n===\ny\n---\n`,
  "a list": (call) => `- ${call}\n* ${call}\n+ ${call}\n1. ${call}\n2) ${call}\n- [ ] ${call}`,
  "a quotation and indented code": (call) => `> ${call}\n\n    ${call}\n\t${call}`,
  "emphasis and formulas": (call) => `*${call}* __${call}__ ~~${call}~~ $${call}$ $$${call}$$`,
  // Diagrams
  "the end of a label": (call) => `x" as y\n  y --> z : ${call}\n  click y call ${call}`,
  "a direction to a diagram": (call) =>
    `%%{init: {"securityLevel": "loose", "x": "${call}"}}%% ; click x href "javascript:${call}"`,
  "a note in a diagram": (call) => `note left of x : ${call}\nend note\n[*] --> ${call}\nstateDiagram-v2\n---`,
  // Names that objects have
  "the prototype": () => "__proto__",
  "the constructor": () => "constructor",
  "the prototype of a constructor": () => "prototype",
  "a method of every object": () => "hasOwnProperty",
  "another method of every object": () => "toString",
  "the method of a promise": () => "then",
  "the method that JSON asks for": () => "toJSON",
  "a getter of old": () => "__defineGetter__",
  "a reserved word": () => "class",
  "the default": () => "default",
  "the word for nothing": () => "undefined",
  // Characters
  "bidirectional controls": (call) => `x\u202e } \u2066if (a)\u2069 \u2066 ${call}; /* \u202d\u200f\u061c`,
  "invisible characters": (call) => `x\u200b\u200d\u2060\ufeff${call}\u00ad`,
  "a byte order mark": (call) => `\ufeff${call}`,
  "a null": (call) => `x\0${call}\0`,
  "control characters": (call) => `\u001b[2J\u001b]0;${call}\u0007\b\b\b\u007f\u009b1m`,
  "half a character": (call) => `\ud800${call}\udc00`,
  "characters for private use": (call) => `\ue000\ue001\uf8ff${call}`,
  "letters of other languages": (call) => `ünï→日本語 ${call} 𝒳`,
  "a tab": (call) => `\t${call}\t|\t`,
  // Numbers and conditions
  "a number": () => "1e3",
  "a number of a status": () => "200",
  "a negative number": () => "-1",
  "a huge number": () => "9".repeat(400),
  nothing: () => "",
  "a space": () => " ",
  // References, paths and expressions
  "a pointer": (call) => `~0~1~2 %2F%zz%00 #/${call}/x`,
  "a reference to a schema": () => "#/components/schemas/A",
  "a way out of the folder": (call) => `../../../etc/passwd/..\\..\\${call}`,
  "an absolute path": (call) => `/etc/${call}`,
  "a path of Windows": (call) => `C:\\x\\${call}:stream`,
  "an address": (call) => `javascript:${call}`,
  "an address of the web": (call) => `https://x.example/"><script>${call}</script>`,
  "an expression": (call) => `{$inputs.${call}}{$response.body#/${call}}$`,
  "a parameter of a path": (call) => `{${call}}/{x}/{}`,
  "a pattern": (call) => `/x/g.test(${call})`,
  "a pattern that takes for ever": (call) => `^(a+)+$${call}`,
  "a header": (call) => `x\r\nX-Evil: ${call}`,
  "a long name": (call) => `${"x".repeat(10_000)}${call}`,
};
