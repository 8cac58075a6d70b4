import { tmpdir } from "node:os";
import path from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Processes are started and killed, and two cores are shared: a slow machine is not a fault.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Projects of tests leave no caches among those of the user.
    env: { XDG_CACHE_HOME: path.join(tmpdir(), "keyturn-test-caches") },
    // An unhandled rejection anywhere fails the run, whichever test was under way.
    dangerouslyIgnoreUnhandledErrors: false,
    projects: [
      { extends: true, test: { name: "fetch", include: ["test/**/*.test.ts"] } },
      // The suites about calls once more, on the other transport: see test/support/transport.ts.
      {
        extends: true,
        test: {
          name: "undici",
          include: ["test/{runtime,services,oracle,wire,telemetry}/**/*.test.ts"],
          env: { KEYTURN_TEST_TRANSPORT: "undici" },
        },
      },
    ],
  },
});
