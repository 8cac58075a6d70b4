import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // An unhandled rejection anywhere fails the run, whichever test was under way.
    dangerouslyIgnoreUnhandledErrors: false,
  },
});
