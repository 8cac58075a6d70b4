/** `keyturn explain`: what a person, a page and a program see of the life of tokens. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../scripts/root.js";
import { codeBlocks, read } from "../project/papers.js";
import { temporaryFolder } from "../support/folder.js";
import { runIn } from "../support/shell.js";

const MINIMAL = readFileSync(packageFile("test/fixtures/generate/minimal.yaml"), "utf8");
const explain = (...args: string[]) => runIn(packageFile("."), "explain", ...args);

describe("as text", () => {
  test("says what to do where tokens turn and nothing says how", async () => {
    const oauth = `${MINIMAL}components: { securitySchemes: { a: { type: http, scheme: bearer } } }\n`;
    const key = `${MINIMAL}components: { securitySchemes: { a: { type: apiKey, in: header, name: X-Key } } }\n`;
    const folder = temporaryFolder({ "oauth.yaml": oauth, "key.yaml": key });
    const hint = "keyturn init --lifecycles";
    expect((await runIn(folder, "explain", "oauth.yaml")).out.replace(/\s+/g, " ")).toContain(hint);
    expect((await runIn(folder, "explain", "key.yaml")).out.replace(/\s+/g, " ")).not.toContain(hint);
  });

  test("shows what is supplied, what is true, and each state with its ways out", async () => {
    const { code, out, err } = await explain("onmeta", "customer");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatchInlineSnapshot(`
      "Onmeta Off-ramp API  specs/onmeta.yaml

      ● customer  http bearer (JWT)

        The customer presents an access token, which a login or a refresh brings.

        What you supply
          apiKey  secret  Onmeta gave this key to the application.
          email           Onmeta knows the customer by this e-mail address.

        • Goes on each request in the header Authorization, as Bearer {accessToken}.
        • There is one for each apiKey and email.
        • Obtained by userLogin.
        • The access token lives until the moment in its claim exp, else for 1 hour. It is renewed 1
          minute before its end.
        • The refresh token lives until the moment in its claim exp, else for 1 day.
        • Refreshed by refreshAccessToken, which leaves the refresh token as it is.
        • A response with status 401 rejects the token: it is renewed, and the request is sent once more.

        How its token lives
          start
            → no token

          no token
            a request needs the token            → obtain with userLogin

          obtain with userLogin
            status 200 and success true          → fresh access token
            status 401 or 400                    → credentials rejected

          refresh with refreshAccessToken
            status 200 and success true          → fresh access token
            status 401                           → obtain with userLogin

          fresh access token
            1 minute before its end              → about to end
            status 401                           → rejected by the service

          about to end
            → refresh with refreshAccessToken
            when the refresh token has ended too → obtain with userLogin

          rejected by the service
            then the request is sent once more   → refresh with refreshAccessToken
      "
    `);
  });

  test("shows every API of the project, and every scheme", async () => {
    const { out } = await explain();
    for (const name of ["finapiClient", "finapiUser", "apiKey", "customer", "userKey"]) expect(out).toContain(`● ${name}`);
  });

  test("says of a document without lifecycles that nothing turns", async () => {
    const { code, out } = await runIn(temporaryFolder({ "a.yaml": MINIMAL }), "explain", "a.yaml");
    expect(code).toBe(0);
    expect(out).toMatch(/No (?:scheme says how its tokens live|security scheme is described)/);
  });

  test("finds a scheme by its name alone", async () => {
    expect((await explain("userKey")).out).toContain("● userKey");
  });
});

test.each(["finapi", "onmeta", "synapse"])("the Mermaid of %s is that of its README", async (api) => {
  const { out } = await explain(api, "--format", "mermaid");
  const diagrams = codeBlocks(read(`generated/${api}/README.md`), "mermaid").map(({ code }) => code);
  expect(diagrams.length).toBeGreaterThan(0);
  for (const diagram of diagrams) expect(out).toContain(diagram);
});

describe("as SVG", () => {
  test.each(["finapi", "onmeta", "synapse"])("draws every state and every way of %s", async (api) => {
    const { out } = await explain(api, "--format", "svg");
    const { apis } = JSON.parse((await explain(api, "--json")).out) as Explanations;
    const lives = apis[0]!.schemes.flatMap(({ life }) => life ?? []);
    const transitions = lives.flatMap((life) => life.transitions);
    expect(out.match(/class="box /g)).toHaveLength(lives.flatMap((life) => life.states).length);
    expect(out.match(/class="link"/g)).toHaveLength(transitions.length);
    expect(out.match(/class="label"/g)).toHaveLength(transitions.filter(({ label }) => label).length);
    expect(out).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^>]*viewBox="0 0 [\d.]+ [\d.]+">/);
  });

  test("holds no text of the document that is not escaped", async () => {
    const hostile = read("specs/onmeta.yaml")
      .replace("title: Onmeta Off-ramp API", `title: '</text><script>alert("1")</script>&amp;'`)
      .replaceAll("userLogin", "user<Login>&\"'");
    const folder = temporaryFolder({ "a.yaml": hostile });
    const { out, err } = await runIn(folder, "explain", "a.yaml", "--format", "svg");
    expect(err).toBe("");
    expect(out).not.toMatch(/<script|<Login/);
    expect(out).toContain("&lt;/text&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;amp;");
  });

  test("is refused for several APIs at once", async () => {
    const { code, err } = await explain("--format", "svg");
    expect(code).toBe(2);
    expect(err).toContain("a picture shows one API; name one of finapi, onmeta, synapse");
  });
});

interface Explanations {
  readonly apis: readonly {
    readonly name: string;
    readonly schemes: readonly {
      readonly name: string;
      readonly life?: { readonly states: readonly unknown[]; readonly transitions: readonly { readonly label?: string }[] };
    }[];
  }[];
}

describe("tells", () => {
  test.each([
    [["onmata"], 'there is no API and no file "onmata"; did you mean onmeta?'],
    [["onmeta", "custmer"], 'there is no security scheme "custmer"; did you mean customer?'],
    [["onmeta", "x", "y"], "explain takes one API and one scheme"],
    [["--format", "png"], '--format has no "png"; there are text, mermaid, svg, json'],
    [["--fromat", "svg"], "there is no option --fromat; did you mean --format?"],
    [["specs/onmetta.yaml"], '"specs/onmetta.yaml" cannot be read: there is no such file; did you mean specs/onmeta.yaml?'],
  ])("%j", async (args, message) => {
    const { code, out, err } = await explain(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(message);
  });

  test("what is wrong with a document", async () => {
    const { code, out, err } = await runIn(temporaryFolder({ "a.yaml": "openapi: 2" }), "explain", "a.yaml");
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("a.yaml:1:10 error openapi-version");
  });
});
