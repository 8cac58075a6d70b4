/** A certificate for "localhost" and 127.0.0.1 that nobody signed but itself, made anew for each run. */

import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

export interface SelfSigned {
  /** PEM. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
}

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_ID = 0x06;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const BOOLEAN = 0x01;

/** RFC 5280, written as the DER that it asks for. */
export function selfSigned(): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = publicKey.export({ type: "spki", format: "der" });
  const algorithm = der(SEQUENCE, oid("2a8648ce3d040302")); // ecdsa-with-SHA256
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, oid("550403"), der(UTF8_STRING, Buffer.from("localhost")))));
  const validity = der(SEQUENCE, ...["200101000000Z", "491231235959Z"].map((at) => der(UTC_TIME, Buffer.from(at))));
  const names = der(SEQUENCE, der(0x82, Buffer.from("localhost")), der(0x87, Buffer.from([127, 0, 0, 1])));
  const extensions = der(
    SEQUENCE,
    der(SEQUENCE, oid("551d11"), der(OCTET_STRING, names)),
    der(
      SEQUENCE,
      oid("551d13"),
      der(BOOLEAN, Buffer.from([0xff])),
      der(OCTET_STRING, der(SEQUENCE, der(BOOLEAN, Buffer.from([0xff])))),
    ),
    der(SEQUENCE, oid("551d0e"), der(OCTET_STRING, der(OCTET_STRING, createHash("sha1").update(key).digest()))),
  );
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(8)]);
  const version = der(0xa0, der(INTEGER, Buffer.from([2])));
  const told = der(SEQUENCE, version, der(INTEGER, serial), algorithm, name, validity, name, key, der(0xa3, extensions));
  const signature = Buffer.concat([Buffer.from([0]), sign("sha256", told, privateKey)]);
  const certificate = der(SEQUENCE, told, algorithm, der(BIT_STRING, signature));
  const lines = certificate
    .toString("base64")
    .match(/.{1,64}/g)!
    .join("\n");
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
  };
}

function oid(hex: string): Buffer {
  return der(OBJECT_ID, Buffer.from(hex, "hex"));
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
