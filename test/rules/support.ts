import { expect, it } from "vitest";
import { type Diagnostic, inOrder } from "../../scripts/diagnostics.js";
import { mendDocument } from "../../scripts/mend/mend.js";
import { advise, check } from "../../scripts/rules/index.js";
import { type Document, loadDocument } from "../../scripts/spec/document.js";

/** A document and what a rule says of it. `«` and `»` in the text stand around each place that it points at. */
export interface RuleCase {
  readonly name: string;
  readonly given: string;
  /** The messages in the order of the marks, each with its hint after ` → `; none when the document is clean. */
  readonly want: readonly string[];
  /** Default: the rule's own. */
  readonly severity?: Diagnostic["severity"];
}

/** Holds one rule to a table of documents: its id, its places to the column, its sentences. */
export function testRule(rule: string, severity: Diagnostic["severity"], cases: readonly RuleCase[]): void {
  testFindings((document) => [...check(document), ...advise(document)], rule, severity, cases);
}

/** Holds one class of mending to a table of documents. */
export function testMending(rule: string, cases: readonly RuleCase[]): void {
  testFindings((document) => inOrder(mendDocument(document).diagnostics), rule, "warning", cases);
}

function testFindings(
  find: (document: Document) => readonly Diagnostic[],
  rule: string,
  severity: Diagnostic["severity"],
  cases: readonly RuleCase[],
): void {
  for (const { name, given, want, severity: own = severity } of cases) {
    it(name, () => {
      const { text, marks } = readMarks(given);
      const found = find(load(text)).filter((diagnostic) => diagnostic.rule === rule);
      expect(found.map(({ message, hint }) => (hint === undefined ? message : `${message} → ${hint}`))).toEqual(want);
      expect([...new Set(found.map(placeOf))]).toEqual(marks);
      expect(found.map((diagnostic) => diagnostic.severity)).toEqual(want.map(() => own));
    });
  }
}

export function load(text: string): Document {
  const { document, diagnostics } = loadDocument("test.yaml", text);
  if (document === undefined) throw new Error(diagnostics.map(({ line, message }) => `${line}: ${message}`).join("\n"));
  return document;
}

function placeOf({ line, column, endColumn }: Diagnostic): string {
  return `${line}:${column}-${endColumn ?? "…"}`;
}

/** The text without its marks, and the places that they stood around, as `line:column-endColumn`. */
function readMarks(given: string): { text: string; marks: string[] } {
  const marks: string[] = [];
  const lines = given.split("\n").map((line, index) => {
    let clean = line;
    for (let start = clean.indexOf("«"); start >= 0; start = clean.indexOf("«")) {
      clean = clean.replace("«", "");
      const end = clean.indexOf("»");
      clean = clean.replace("»", "");
      marks.push(`${index + 1}:${start + 1}-${end < 0 ? "…" : end + 1}`);
    }
    return clean;
  });
  return { text: lines.join("\n"), marks };
}

/** What the small document is made of; whatever is left out is as it has to be. */
interface Parts {
  /** Members of the lifecycle of the scheme `user`, instead of those of {@link LIFECYCLE}. */
  readonly lifecycle?: string;
  /** Members of the scheme `user` beside its lifecycle. */
  readonly scheme?: string;
  /** Further security schemes. */
  readonly schemes?: string;
  /** Further paths. */
  readonly paths?: string;
  /** Further members at the top. */
  readonly top?: string;
}

const LIFECYCLE = `
obtain:
  operationId: login
  requestBody: {payload: {email: $inputs.email, password: $inputs.password}}
  outputs: {accessToken: $response.body#/access_token, refreshToken: $response.body#/refresh_token}
refresh:
  operationId: refresh
  parameters: {user_id: $inputs.userId}
  requestBody: {payload: {refresh_token: $outputs.refreshToken}}
  outputs: {accessToken: $response.body#/access_token}
`;

/** A login, a refresh, a call that needs the token, and a lifecycle that ties them together. */
export function api({
  lifecycle = LIFECYCLE,
  scheme = "type: http\nscheme: bearer",
  schemes = "",
  paths = "",
  top = "",
}: Parts = {}): string {
  return `openapi: 3.1.0
info: {title: Test, version: "1"}
servers: [{url: https://api.example.com}]
paths:
  /login:
    post:
      operationId: login
      security: []
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/Login"}}}
      responses:
        "200":
          description: Tokens.
          headers: {X-Token-Age: {schema: {type: integer}}}
          content: {application/json: {schema: {$ref: "#/components/schemas/Tokens"}}}
        4XX: {description: Refused., content: {application/json: {schema: {$ref: "#/components/schemas/Error"}}}}
  /refresh/{user_id}:
    parameters: [{name: user_id, in: path, required: true, schema: {type: string}}]
    post:
      operationId: refresh
      security: []
      requestBody:
        content: {application/json: {schema: {required: [refresh_token], properties: {refresh_token: {type: string}}}}}
      responses:
        "200": {description: Tokens., content: {application/json: {schema: {$ref: "#/components/schemas/Tokens"}}}}
        "202": {description: A PIN., content: {application/json: {schema: {properties: {devices: {type: array}}}}}}
        default: {description: Refused., content: {application/json: {schema: {$ref: "#/components/schemas/Error"}}}}
  /me:
    get:
      operationId: getMe
      security: [{user: []}]
      responses:
        "200": {description: Me., content: {application/json: {schema: {properties: {name: {type: string}}}}}}
        "401": {description: Refused., content: {application/json: {schema: {$ref: "#/components/schemas/Error"}}}}${indent(paths, 2)}
components:
  schemas:
    Login:
      type: object
      required: [email, password]
      properties: {email: {type: string}, password: {type: string}, remember: {type: boolean}, kind: {enum: [web, app]}}
    Tokens:
      allOf:
        - {type: object, properties: {access_token: {type: string}, refresh_token: {type: [string, "null"]}}}
        - properties:
            expires_in: {type: integer}
            expires_at: {type: string, format: date-time}
            uses_left: {type: integer}
            scopes: {type: array, items: {type: string}}
            session: {type: object}
    Error: {type: object, properties: {error: {type: string}, code: {type: integer}}}
  securitySchemes:
    user:${indent(scheme, 6)}
      x-token-lifecycle:${indent(lifecycle, 8)}${indent(schemes, 4)}${indent(top, 0)}
`;
}

function indent(text: string, by: number): string {
  if (text === "") return "";
  return text
    .replace(/^\n|\n$/g, "")
    .split("\n")
    .map((line) => `\n${" ".repeat(by)}${line}`)
    .join("");
}
