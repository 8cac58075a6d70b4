import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Processes are started and killed, and two cores are shared: a slow machine is not a fault.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // An unhandled rejection anywhere fails the run, whichever test was under way.
    dangerouslyIgnoreUnhandledErrors: false,
  },
});
