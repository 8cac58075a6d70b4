/** What the demo prints: plain lines on a pipe, a little colour on a terminal, and never a secret. */

import { createHash } from "node:crypto";

export interface Terminal {
  /** Begins a service. */
  heading(text: string): void;
  /** Begins a step. */
  step(number: number, title: string): void;
  /** What was sent: the request line, its headers, its body in one line. */
  sent(request: string, headers: readonly string[], body: string): void;
  /** What came back. */
  came(status: number, text: string): void;
  /** A check that held, or did not. */
  check(held: boolean, text: string): void;
  note(text: string): void;
  table(rows: readonly (readonly string[])[]): void;
}

export function createTerminal(write: (line: string) => void, colour: boolean): Terminal {
  const paint = (code: number) => (text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const [bold, dim, red, green, yellow, cyan] = [paint(1), paint(2), paint(31), paint(32), paint(33), paint(36)];
  return {
    heading: (text) => write(`\n${bold(text)}`),
    step: (number, title) => write(`\n  ${bold(`${number}. ${title}`)}`),
    sent: (request, headers, body) => {
      write(`     ${cyan(`→ ${request}`)}`);
      if (headers.length > 0) write(`       ${headers.join("  ")}`);
      if (body !== "") write(`       ${body}`);
    },
    came: (status, text) => write(`     ${(status < 300 ? green : status < 400 ? yellow : red)(`← ${status}`)} ${dim(text)}`),
    check: (held, text) => write(`     ${held ? green("✓") : red("✗")} ${text}`),
    note: (text) => write(dim(text)),
    table: (rows) => {
      const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
      const [head = [], ...body] = rows.map((row) =>
        row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join("   "),
      );
      write(`\n  ${bold(String(head))}`);
      for (const row of body) write(`  ${String(row)}`);
    },
  };
}

/** Replaces every secret by a mark that tells it from others: the first four digits of its SHA-256. */
export function mask(text: string, secrets: Iterable<string>): string {
  let masked = text;
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    if (secret.length < 4) continue;
    const mark = `‹${createHash("sha256").update(secret).digest("hex").slice(0, 4)}›`;
    for (const form of new Set([secret, encodeURIComponent(secret), new URLSearchParams([["", secret]]).toString().slice(1)])) {
      masked = masked.replaceAll(form, mark);
    }
  }
  return masked;
}
