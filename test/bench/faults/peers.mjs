// The libraries, in the order of the table's columns; each is loaded only where it is measured.

const load = (file) => async () => (await import(`./peers/${file}.mjs`)).peer;

export const peers = {
  keyturn: load("keyturn"),
  "google-auth-library": load("google-auth-library"),
  "@badgateway/oauth2-client": load("badgateway"),
  "simple-oauth2": load("simple-oauth2"),
  "axios-auth-refresh": load("axios-auth-refresh"),
  "openid-client": load("openid-client"),
  "@azure/core-rest-pipeline": load("azure"),
};
