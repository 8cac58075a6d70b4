/**
 * What must compile with the generated clients, and what must not: each `@ts-expect-error` is a mistake that the types catch,
 * and fails the check itself when they stop to. Nothing here runs.
 */

import { createFinapi, type FinapiOptions } from "../../generated/finapi/index.js";
import { createOnmeta } from "../../generated/onmeta/index.js";
import { createSynapse, type Challenge as SynapseChallenge } from "../../generated/synapse/index.js";
import { unwrap } from "../../src/index.js";

/** Compiles only where both types are the same. */
function same<A, B>(_same: [A] extends [B] ? ([B] extends [A] ? true : false) : false): void {}

// Creating a client

createFinapi();
createFinapi({ server: "sandbox", inputs: { clientId: "id", clientSecret: () => "secret", username: async () => "name" } });
// @ts-expect-error There is no such server.
createFinapi({ server: "staging" });
// @ts-expect-error There is no such input.
createFinapi({ inputs: { clientID: "id" } });
// @ts-expect-error An input is a text, or a function that returns one.
createFinapi({ inputs: { clientId: 7 } });
// @ts-expect-error With exact optional properties, what is not there is left out.
createFinapi({ inputs: { clientId: undefined } });
same<FinapiOptions["server"], "sandbox" | "live" | undefined>(true);

createFinapi({ headers: { "X-App": "shop/1", "X-List": ["a", "b"] } });
createFinapi({ headers: new Headers() });
// @ts-expect-error A header is no object.
createFinapi({ headers: { "X-App": { name: "shop" } } });

const finapi = createFinapi();
const synapse = createSynapse();
const onmeta = createOnmeta();

// Taking the data, or an exception

const user = await unwrap(finapi.getAuthorizedUser());
same<(typeof user)["id"], string>(true);
// @ts-expect-error It is the data, and no result with an error beside it.
user.error;

// Calling an operation by its name

finapi.getAuthorizedUser();
finapi.getAuthorizedUser({ params: { header: { "X-Request-Id": "given" } } });
// @ts-expect-error There is no such operation.
finapi.getAuthorisedUser();
// @ts-expect-error A body is demanded.
finapi.createUser();
// @ts-expect-error The header takes a text.
finapi.getAuthorizedUser({ params: { header: { "X-Request-Id": 7 } } });

onmeta.fetchBankVerificationStatus({ params: { path: { referenceNumber: "ref" } } });
// @ts-expect-error A parameter in the path is demanded.
onmeta.fetchBankVerificationStatus();
// @ts-expect-error The body lacks a member.
onmeta.userLogin({ body: {} });
onmeta.userLogin({ body: { email: "user@example.com" } });

// A filled parameter is not demanded, and may be given

synapse.listUserNodes();
synapse.listUserNodes({ params: { path: { user_id: "other" } } });
synapse.getUserNode({ params: { path: { node_id: "node" } } });
// @ts-expect-error Of two parameters in the path only the filled one may be left out.
synapse.getUserNode({ params: { path: { user_id: "other" } } });
// @ts-expect-error The other one is demanded.
synapse.getUserNode();

// Calling a path by its method

finapi.GET("/api/v1/users");
synapse.GET("/users/{user_id}/nodes");
synapse.GET("/users/{user_id}/nodes", { params: { path: { user_id: "other" } } });
// @ts-expect-error There is no such path.
finapi.GET("/api/v1/user");
// @ts-expect-error The path has no such method.
finapi.DELETE("/api/v1/users");

// What a call brings

const { data, error, response } = await finapi.getAuthorizedUser();
same<typeof response, Response>(true);
if (data) {
  const id: string = data.id;
  // @ts-expect-error There is no such member.
  data.identifier;
  void id;
} else {
  // @ts-expect-error Where there is no data, there is an error of documented members.
  error.undocumented;
}

// Tokens by hand

finapi.state("finapiUser");
finapi.renew("finapiClient");
finapi.revoke("finapiUser");
// @ts-expect-error There is no such scheme.
finapi.state("finapiAdmin");
// @ts-expect-error A scheme that holds no token has no state.
synapse.state("gateway");
// @ts-expect-error This scheme's document states no revocation.
finapi.revoke("finapiClient");
finapi.with({ username: "another" }).getAuthorizedUser();
// @ts-expect-error There is no such input.
finapi.with({ user: "another" });

// A challenge

createSynapse({
  onChallenge(challenge) {
    same<typeof challenge, SynapseChallenge>(true);
    same<(typeof challenge)["status"], 202>(true);
    return { phoneNumber: "901-111-1111" };
  },
});
// @ts-expect-error A challenge is answered with inputs.
createSynapse({ onChallenge: () => ({ pin: "123456" }) });
createOnmeta({
  onChallenge(challenge) {
    same<typeof challenge, never>(true);
    return undefined;
  },
});
