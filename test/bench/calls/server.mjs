// The service that is called, in a process of its own so that only clients are measured: small JSON, and tokens that last.
// Told through IPC how long the tokens live that it issues from now on, and whether it looks at them.

import { createServer } from "node:http";

const thing = JSON.stringify({ id: "t-1", name: "A thing of some length", amount: 12.5, tags: ["one", "two", "three"] });
const TOKEN_MS = 20; // a token request takes some time, as it does at a distance
const endOf = new Map();
let counts = {};
let lifeMs = 3_600_000;
let isStrict = false;

function reset(message) {
  counts = { tokens: 0, things: 0, refused: 0 };
  lifeMs = message.lifeMs ?? lifeMs;
  isStrict = message.isStrict ?? isStrict;
}

function isTaken(authorization = "") {
  const token = /^Bearer (.+)$/.exec(authorization)?.[1];
  return isStrict ? (endOf.get(token) ?? 0) > Date.now() : token !== undefined;
}

function issue() {
  counts.tokens += 1;
  const token = `a-token-${counts.tokens}-of-the-length-that-tokens-have-${Math.random()}`;
  endOf.set(token, Date.now() + lifeMs);
  return JSON.stringify({ access_token: token, token_type: "Bearer", expires_in: lifeMs / 1000 });
}

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const answer = (status, body) => {
    response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
    response.end(body);
  };
  request.resume().on("end", () => {
    if (request.url === "/token") setTimeout(() => answer(200, issue()), TOKEN_MS);
    else if (isTaken(request.headers.authorization)) {
      counts.things += 1;
      answer(200, thing);
    } else {
      counts.refused += 1;
      answer(401, '{"error":"invalid_token"}');
    }
  });
});
server.listen(0, "127.0.0.1", () => process.send({ url: `http://127.0.0.1:${server.address().port}` }));
process.on("message", (message) => {
  if (message.reset) reset(message.reset);
  process.send({ counts });
});
process.on("disconnect", () => process.exit());
reset({});
