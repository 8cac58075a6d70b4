/** The store that a child process was told of, from the built runtime. */
export async function openStore({ kind, ...options }) {
  if (kind === "sqlite") return (await import("../../dist/src/stores/sqlite.js")).sqliteStore(options);
  if (kind === "redis") return (await import("../../dist/src/stores/redis.js")).redisStore(options);
  return (await import("../../dist/src/stores/postgres.js")).postgresStore(options);
}
