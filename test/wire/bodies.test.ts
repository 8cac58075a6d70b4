import { describe, expect, it } from "vitest";
import { Part } from "../../src/wire/part.js";
import { bodyOf, operation } from "./support.js";

const FORM = "application/x-www-form-urlencoded";
const MULTIPART = "multipart/form-data";

async function sentBody(content: Readonly<Record<string, unknown>>, body: unknown, headers?: object) {
  const { operate, sent } = operation(bodyOf(content));
  await operate({ body, ...(headers && { headers }) });
  return { type: sent[0]?.headers["content-type"], body: sent[0]?.body };
}

describe("a body", () => {
  it.each([
    ["application/json", { a: 1 }, '{"a":1}'],
    ["application/json", "text", '"text"'],
    ["application/json", 0, "0"],
    ["application/json", false, "false"],
    ["application/json", null, "null"],
    ["application/merge-patch+json", { a: null }, '{"a":null}'],
    ["application/json; charset=utf-8", [1], "[1]"],
    ["text/plain", "plain", "plain"],
    ["text/plain", 7, "7"],
    ["application/xml", "<a/>", "<a/>"],
    ["application/octet-stream", new Uint8Array([104, 105]), "hi"],
    ["application/x-ndjson", [{ a: 1 }, 2], '{"a":1}\n2\n'],
    ["application/json-seq", [1], "\u001E1\n"],
    ["image/png", new Blob(["png"]), "png"],
  ])("of %s with %j is that, with its media type", async (mediaType, body, text) => {
    expect(await sentBody({ [mediaType]: {} }, body)).toEqual({ type: mediaType, body: text });
  });

  it("of several media types is the first that is JSON, unless the caller names another", async () => {
    const content = { "application/xml": {}, [FORM]: {}, "application/vnd.x+json": {}, "application/json": {} };
    expect(await sentBody(content, { a: 1 })).toEqual({ type: "application/vnd.x+json", body: '{"a":1}' });
    expect(await sentBody(content, { a: [1, 2] }, { "content-type": FORM })).toEqual({ type: FORM, body: "a=1&a=2" });
    expect(await sentBody(content, "<a/>", new Headers({ "Content-Type": "application/xml" }))).toEqual({
      type: "application/xml",
      body: "<a/>",
    });
  });

  it.each([
    [new Blob(["x"], { type: "image/gif" }), "image/gif"],
    [new Blob(["x"]), "application/octet-stream"],
    [new URLSearchParams({ a: "1" }), FORM],
    [{ a: 1 }, "application/json"],
  ])("of a range of media types is sent as what it is: %o", async (body, type) => {
    expect((await sentBody({ "*/*": {} }, body)).type).toBe(type);
  });

  it.each([
    "application/xml",
    "text/csv",
    "application/jose+jwe",
    "application/jwt",
    "application/octet-stream",
    "image/png",
    "application/x-msgpack",
    "application/vnd.x.protobuf",
    "application/x+zip",
  ])("of %s is not made up from an object", async (mediaType) => {
    await expect(sentBody({ [mediaType]: {} }, { a: 1 })).rejects.toThrow(
      new TypeError(`operate: a body of ${mediaType} is handed in as text or as bytes`),
    );
  });

  it.each<[string, readonly string[], unknown, string | RegExp]>([
    ["a Blob of a documented type", ["image/png", "image/jpeg"], new Blob(["x"], { type: "image/jpeg" }), "image/jpeg"],
    ["a Blob of a documented range", ["application/json", "image/*"], new Blob(["x"], { type: "image/webp" }), "image/webp"],
    ["a Blob of no documented type", ["image/png", "image/jpeg"], new Blob(["x"], { type: "text/x" }), "image/png"],
    [
      "a Blob where there is one type",
      ["application/octet-stream"],
      new Blob(["x"], { type: "a/b" }),
      "application/octet-stream",
    ],
    ["a form beside JSON", ["application/json", FORM], new URLSearchParams({ a: "1" }), FORM],
    ["several parts beside JSON", ["application/json", MULTIPART], new FormData(), /^multipart\/form-data; ?boundary=/],
    ["parts that are bytes", [MULTIPART], new Blob(["--b--"], { type: "multipart/form-data; boundary=b" }), /; ?boundary=b$/],
  ])("that is %s goes as that", async (_, mediaTypes, body, type) => {
    const sent = await sentBody(Object.fromEntries(mediaTypes.map((one) => [one, {}])), body);
    expect(sent.type).toMatch(typeof type === "string" ? new RegExp(`^${type.replace(/[*+.]/g, "\\$&")}$`) : type);
  });

  it.each<[string, unknown, unknown, string]>([
    ["application/json", 1n, TypeError, "operate: the body holds what JSON has not, such as a bigint or itself"],
    ["application/json", () => {}, undefined, "operate: the body holds what JSON has not, such as a bigint or itself"],
    ["application/x-ndjson", [1n], TypeError, "operate: the body holds what JSON has not, such as a bigint or itself"],
    [FORM, { f: new Blob() }, undefined, `operate: "f" is bytes, which a form of ${FORM} has not; hand it in as text`],
    [
      MULTIPART,
      new Uint8Array(1),
      undefined,
      "operate: bytes of multipart/form-data need a Content-Type that names their boundary",
    ],
    ["multipart/mixed", 7, undefined, "operate: a body of multipart/mixed is handed in as text or as bytes"],
    ["application/x-yaml", {}, undefined, "operate: a body of application/x-yaml is handed in as text or as bytes"],
  ])("of %s that cannot be written (%o) is refused, and why", async (mediaType, body, cause, message) => {
    const error = await sentBody({ [mediaType]: {} }, body).catch((thrown: unknown) => thrown as Error);
    expect(error).toEqual(new TypeError(message));
    if (cause !== undefined) expect((error as Error).cause).toBeInstanceOf(cause);
  });

  it("has no media type when the caller takes it away", async () => {
    const { operate, sent } = operation(bodyOf({ "application/json": {} }));
    await operate({ body: { a: 1 }, headers: { "Content-Type": null } });
    expect(sent[0]?.headers["content-type"]).not.toBe("application/json");
  });

  it("is the caller's to write, by a serializer", async () => {
    const { operate, sent } = operation(bodyOf({ "application/json": {} }));
    await operate({ body: { a: 1 }, bodySerializer: (body: unknown) => `#${JSON.stringify(body)}` });
    expect(sent[0]).toMatchObject({ body: '#{"a":1}', headers: { "content-type": "application/json" } });
  });

  it("that a serializer leaves out has no media type", async () => {
    const { operate, sent } = operation(bodyOf({ "application/json": {} }));
    await operate({ body: { a: 1 }, bodySerializer: () => undefined });
    expect(sent[0]?.headers).not.toHaveProperty("content-type");
  });

  it("that is not there has no media type", async () => {
    const { operate, sent } = operation(bodyOf({ "application/json": {} }));
    await operate();
    expect(sent[0]).toMatchObject({ body: "" });
    expect(sent[0]?.headers).not.toHaveProperty("content-type");
  });
});

describe("a form", () => {
  it("repeats lists, has objects as JSON, keeps what is falsy and leaves out what has no value", async () => {
    const body = { a: [1, "x y"], b: { c: 1 }, d: 0, e: false, f: "", g: null, h: undefined, i: "ü&=", j: new Date(0) };
    expect((await sentBody({ [FORM]: {} }, body)).body).toBe(
      "a=1&a=x+y&b=%7B%22c%22%3A1%7D&d=0&e=false&f=&i=%C3%BC%26%3D&j=1970-01-01T00%3A00%3A00.000Z",
    );
  });

  it("has each property as its encoding says", async () => {
    const encoding = {
      list: { style: "form", explode: false },
      piped: { style: "pipeDelimited" },
      deep: { style: "deepObject", explode: true },
      spread: { explode: true },
      json: { contentType: "application/json" },
      free: { allowReserved: true },
    };
    const body = { list: [1, 2], piped: ["a", "b"], deep: { x: 1 }, spread: { y: 2, z: "ü" }, json: [1, 2], free: "a/b" };
    expect((await sentBody({ [FORM]: { encoding } }, body)).body).toBe(
      "list=1,2&piped=a%7Cb&deep%5Bx%5D=1&y=2&z=%C3%BC&json=%5B1%2C2%5D&free=a/b",
    );
  });
});

describe("a form of several parts", () => {
  /** The parts as another implementation reads them. */
  async function parts(body: unknown, media: object = {}) {
    let read: FormData | undefined;
    const { operate, sent } = operation(bodyOf({ [MULTIPART]: media }), {
      answer: async (request) => {
        read = await request.formData();
        return new Response(null, { status: 204 });
      },
    });
    await operate({ body });
    return { form: read!, raw: sent[0]!.body, type: sent[0]!.headers["content-type"] };
  }

  it("is read by others: text, lists, objects, files, bytes", async () => {
    const { form, raw, type } = await parts({
      text: "ü\r\n--x",
      flag: false,
      list: [1, 2],
      object: { a: 1 },
      none: null,
      file: new File(["csv"], 'a "b".csv', { type: "text/csv" }),
      blob: new Blob(["blob"]),
      bytes: new Uint8Array([1, 2, 3]),
    });
    expect(type).toMatch(/^multipart\/form-data; boundary=keyturn-[\w-]+$/);
    expect([form.get("text"), form.get("flag"), form.getAll("list"), form.get("object")]).toEqual([
      "ü\r\n--x",
      "false",
      ["1", "2"],
      '{"a":1}',
    ]);
    expect(form.has("none")).toBe(false);
    const [file, blob, bytes] = ["file", "blob", "bytes"].map((name) => form.get(name) as File);
    expect([file?.name, file?.type, await file?.text()]).toEqual(['a "b".csv', "text/csv", "csv"]);
    expect([blob?.type, await blob?.text()]).toEqual(["application/octet-stream", "blob"]);
    expect([...new Uint8Array(await bytes!.arrayBuffer())]).toEqual([1, 2, 3]);
    expect(raw).toContain('name="object"\r\nContent-Type: application/json\r\n\r\n{"a":1}\r\n');
  });

  it("has each part of the media type that its encoding says", async () => {
    const encoding = {
      xml: { contentType: "application/xml" },
      picture: { contentType: "image/png, image/jpeg" },
      list: { contentType: "application/json" },
      any: { contentType: "image/*" },
    };
    const { raw } = await parts(
      {
        xml: "<a/>",
        picture: new Blob(["p"], { type: "image/jpeg" }),
        list: [1, 2],
        any: new Blob(["q"], { type: "image/webp" }),
      },
      { encoding },
    );
    expect(raw).toContain('name="xml"\r\nContent-Type: application/xml\r\n\r\n<a/>');
    expect(raw).toContain('name="picture"; filename="blob"\r\nContent-Type: image/jpeg\r\n\r\np');
    expect(raw).toContain('name="list"\r\nContent-Type: application/json\r\n\r\n[1,2]');
    expect(raw).toContain('name="any"; filename="blob"\r\nContent-Type: image/webp\r\n\r\nq');
  });

  it("has a file of a media type that is not its encoding's first, but among them", async () => {
    const { raw } = await parts(
      { a: new Blob(["x"], { type: "image/webp" }), b: new Blob(["y"], { type: "text/plain;charset=utf-8" }) },
      { encoding: { a: { contentType: "image/png, image/*" }, b: { contentType: "image/png, text/plain" } } },
    );
    expect(raw).toContain("Content-Type: image/webp\r\n\r\nx");
    expect(raw).toContain("Content-Type: text/plain;charset=utf-8\r\n\r\ny");
  });

  it("has the headers that its encoding demands and gives a value, and what the caller says of a part", async () => {
    const header = (schema: object, required = true) => ({ required, schema });
    const encoding = {
      a: {
        headers: {
          "X-Const": header({ const: 7 }),
          "X-Enum": header({ enum: ["one"] }),
          "X-Open": header({ type: "string" }),
          "X-Free": header({ const: 1 }, false),
          "content-type": header({ const: "evil/type" }),
        },
      },
    };
    const { raw } = await parts(
      {
        a: "text",
        b: new Part(new Uint8Array([120]), { fileName: 'ü"\r\n.png', contentType: "image/png", headers: { "X-Own": 1 } }),
        c: new Part({ n: 1 }, { headers: { "content-disposition": 'form-data; name="own"' } }),
      },
      { encoding },
    );
    expect(raw).toContain('Content-Disposition: form-data; name="a"\r\nX-Const: 7\r\nX-Enum: one\r\n\r\ntext\r\n');
    expect(raw).toContain('name="b"; filename="\u00c3\u00bc%22%0D%0A.png"\r\nContent-Type: image/png\r\nX-Own: 1\r\n\r\nx\r\n');
    expect(raw).toContain('content-disposition: form-data; name="own"\r\nContent-Type: application/json\r\n\r\n{"n":1}\r\n');
  });

  it.each([
    ["a header", { a: new Part("x", { headers: { "X-A": "1\r\nX-Evil: 1" } }) }, {}],
    ["a media type", { a: "x" }, { encoding: { a: { contentType: "text/plain\r\nX-Evil: 1" } } }],
  ])("has no header of two lines: %s", async (_, body, media) => {
    const { operate, sent } = operation(bodyOf({ [MULTIPART]: media }));
    await expect(operate({ body })).rejects.toThrow(new TypeError('a header of the part "a" is more than a line'));
    expect(sent).toEqual([]);
  });

  it("has properties in the style that their encoding says, each a part", async () => {
    const encoding = { link: { style: "deepObject", explode: true }, list: { explode: false, style: "form" } };
    const { form } = await parts({ link: { create: true, to: "a&b" }, list: ["a", "b,c"] }, { encoding });
    expect([...form]).toEqual([
      ["link[create]", "true"],
      ["link[to]", "a&b"],
      ["list", "a,b,c"],
    ]);
  });

  it("has no object of a media type that objects are not written as", async () => {
    const media = { encoding: { a: { contentType: "application/xml" } } };
    await expect(parts({ a: { b: 1 } }, media)).rejects.toThrow(
      new TypeError('the part "a" of application/xml is handed in as text or as bytes'),
    );
  });

  it("keeps a name inside its quotes and its line", async () => {
    const { raw } = await parts({ 'a"\r\nX-Evil: 1': "v" });
    expect(raw).toContain('name="a%22%0D%0AX-Evil: 1"\r\n');
  });

  it("streams a part, and is then sent once", async () => {
    const { form } = await parts({ before: "b", file: new Blob(["streamed"]).stream(), after: "a" });
    expect([form.get("before"), await (form.get("file") as File).text(), form.get("after")]).toEqual(["b", "streamed", "a"]);
  });
});

describe("a body of several parts that is no form", () => {
  it("is a list of parts, each of the media type of its position", async () => {
    const media = {
      prefixEncoding: [{ contentType: "application/json" }, {}],
      itemEncoding: { contentType: "text/csv" },
    };
    const { operate, sent } = operation(bodyOf({ "multipart/mixed": media }));
    await operate({ body: ["text", new Blob(["x"], { type: "image/png" }), "a,b", new File(["f"], "f.csv")] });
    const [{ headers, body } = { headers: {}, body: "" }] = sent as { headers: Record<string, string>; body: string }[];
    const boundary = /^multipart\/mixed; boundary=(\S+)$/.exec(headers["content-type"]!)![1]!;
    expect(body.replaceAll(boundary, "B")).toBe(
      [
        '--B\r\nContent-Type: application/json\r\n\r\n"text"',
        "--B\r\nContent-Type: image/png\r\n\r\nx",
        "--B\r\nContent-Type: text/csv\r\n\r\na,b",
        '--B\r\nContent-Disposition: attachment; filename="f.csv"\r\nContent-Type: text/csv\r\n\r\nf',
        "--B--\r\n",
      ].join("\r\n"),
    );
  });

  it("is refused where a text would end its part, by a boundary that was given", async () => {
    const type = "multipart/form-data; boundary=b";
    const value = 'x\r\n--b\r\nContent-Disposition: form-data; name="admin"\r\n\r\ntrue';
    const refusal = 'the part "a" has the boundary between the parts in it; leave the boundary out';
    await expect(sentBody({ [MULTIPART]: {} }, { a: value }, { "Content-Type": type })).rejects.toThrow(refusal);
    expect((await sentBody({ [MULTIPART]: {} }, { a: value })).body).toContain(value);
  });

  it("has named parts where it is an object, and the boundary and the parameters that its caller gives", async () => {
    const type = 'multipart/related; boundary="a b"; type="application/json"';
    const { type: sent, body } = await sentBody({ "multipart/related": {} }, { meta: { a: 1 } }, { "Content-Type": type });
    expect(sent).toBe(type);
    expect(body).toBe(
      '--a b\r\nContent-Disposition: form-data; name="meta"\r\nContent-Type: application/json\r\n\r\n{"a":1}\r\n--a b--\r\n',
    );
  });

  it("has a part of several parts", async () => {
    const media = { itemEncoding: { contentType: "multipart/alternative" } };
    const { body } = await sentBody({ "multipart/mixed": media }, [["a", "b"]]);
    expect(body).toMatch(
      /^--(\S+)\r\nContent-Type: multipart\/alternative; boundary=(\S+)\r\n\r\n--\2\r\n\r\na\r\n--\2\r\n\r\nb\r\n--\2--\r\n\r\n--\1--/,
    );
  });
});

describe("a part", () => {
  it("of several parts has these as the encodings within its own say", async () => {
    const media = {
      itemEncoding: {
        contentType: "multipart/mixed",
        prefixEncoding: [{ contentType: "application/json" }],
        itemEncoding: {
          contentType: "multipart/form-data",
          encoding: {
            csv: { contentType: "text/csv", headers: { "X-Kind": { required: true, schema: { const: "c" } } } },
            filter: { style: "deepObject", explode: true },
          },
        },
      },
    };
    const { body } = await sentBody({ "multipart/mixed": media }, [["text", { csv: "a,b", filter: { q: "a b" } }]]);
    const boundaries = [...new Set(body!.match(/(?<=^--)keyturn-[\w-]+?(?=(?:--)?\r$)/gm))];
    const read = boundaries.reduce((text, boundary, index) => text.replaceAll(boundary, String(index)), body!);
    expect(read.split("\r\n")).toEqual([
      ...["--0", "Content-Type: multipart/mixed; boundary=1", ""],
      ...["--1", "Content-Type: application/json", "", '"text"'],
      ...["--1", "Content-Type: multipart/form-data; boundary=2", ""],
      ...["--2", 'Content-Disposition: form-data; name="csv"', "Content-Type: text/csv", "X-Kind: c", "", "a,b"],
      ...["--2", 'Content-Disposition: form-data; name="filter[q]"', "", "a b"],
      ...["--2--", "", "--1--", "", "--0--", ""],
    ]);
  });

  it("that is a form has its properties as the encodings within its own say", async () => {
    const encoding = { form: { contentType: FORM, encoding: { list: { style: "pipeDelimited" }, plain: {} } } };
    const { body } = await sentBody({ [MULTIPART]: { encoding } }, { form: { list: ["a", "b"], plain: ["c", "d e"] } });
    expect(body).toContain(`name="form"\r\nContent-Type: ${FORM}\r\n\r\nlist=a%7Cb&plain=c&plain=d+e\r\n`);
  });

  it("that is a form has no bytes", async () => {
    const encoding = { form: { contentType: FORM } };
    await expect(sentBody({ [MULTIPART]: { encoding } }, { form: { a: new Blob(["x"]) } })).rejects.toThrow(
      new TypeError(`the part "form": "a" is bytes, which a form of ${FORM} has not; hand it in as text`),
    );
  });
});

describe("a header", () => {
  const stated = {
    parameters: [
      { name: "X-Trace-ID", in: "header" },
      { name: "X-List", in: "header", schema: { type: "array" } },
    ],
  };

  it("has its exact name, and a list with commas", async () => {
    const { definition } = operation(stated);
    const { compiler } = await import("../../src/wire/request.js");
    const compiled = compiler({ operations: { operate: definition } } as never, "https://api.example");
    const { headers } = compiled("operate").write({
      params: { header: { "X-Trace-ID": 0, "X-List": ["a", "b"], "X-None": null } },
    });
    expect(headers).toEqual(["X-Trace-ID", "0", "X-List", "a,b"]);
  });

  it.each(["a\r\nX-Evil: 1", "a\nb", "a\0", "Zoë ✓"])(
    "that no header can hold is refused without quoting it: %j",
    async (value) => {
      const { operate, sent } = operation(stated);
      const error = await operate({ params: { header: { "X-Trace-ID": value } } }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "unfit-value", operationId: "operate" });
      expect(String(error)).not.toContain(value);
      await expect(operate({ headers: { "X-Own": value } })).rejects.toMatchObject({ code: "unfit-value" });
      expect(sent).toEqual([]);
    },
  );

  it("of the caller's cookies goes beside those among the parameters", async () => {
    const { operate, sent } = operation({ parameters: [{ name: "sid", in: "cookie" }] });
    await operate({ params: { cookie: { sid: "a b", n: 0 } }, headers: { Cookie: "own=1" } });
    expect(sent[0]?.headers["cookie"]).toBe("own=1; sid=a%20b; n=0");
  });
});
