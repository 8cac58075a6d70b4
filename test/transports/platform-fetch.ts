/**
 * Makes the platform load its own `fetch` before anything loads the undici package: whichever comes first gives `fetch` its
 * connections, and what is compared here must not be one and the same.
 */
await fetch("data:,");
