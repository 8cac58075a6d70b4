/** What is under way, on one line of a terminal that goes away again; nothing where nobody looks, or where it is soon done. */

import { printable } from "../diagnostics/printable.js";
import type { Paint } from "./paint.js";
import type { Shell } from "./shell.js";

export interface Progress {
  begin(what: string): void;
  end(what: string): void;
  /** Takes the line away. */
  close(): void;
}

const DELAY_MS = 700;
const FRAME_MS = 100;
const FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const ERASE = "\r\u001b[2K";

/**
 * @param total how much there is to do at most.
 * @param doing what is done to each.
 * @param delayMs how long nothing is shown; 0 where what begins is known to take long, and may leave no time to draw.
 */
export function openProgress(
  { stderr, env }: Shell,
  total: number,
  paint: Paint,
  doing = "generating",
  delayMs = DELAY_MS,
): Progress {
  const running = new Set<string>();
  if (stderr.isTTY !== true || env["CI"] || env["TERM"] === "dumb") return { begin() {}, end() {}, close() {} };
  const start = performance.now();
  let done = 0;
  let frame = 0;
  let isDrawn = false;
  const draw = (): void => {
    const ms = performance.now() - start;
    if (ms < delayMs || running.size === 0) return;
    const sign = FRAMES.charAt(frame % FRAMES.length);
    frame += 1;
    const count = total > 1 ? [`${done + 1} of ${total}`] : [];
    const passed = [...count, ...(ms < DELAY_MS ? [] : [`${Math.round(ms / 1000)} s`])].join(", ");
    const text = printable(`${sign} ${doing} ${[...running].join(", ")}`).slice(0, Math.max(20, (stderr.columns || 80) - 24));
    stderr.write(`${ERASE}${paint("cyan", text)} ${passed === "" ? "" : paint("dim", `(${passed})`)}`);
    isDrawn = true;
  };
  const timer = setInterval(draw, FRAME_MS);
  timer.unref();
  return {
    begin(what) {
      running.add(what);
      draw();
    },
    end(what) {
      running.delete(what);
      done += 1;
    },
    close() {
      clearInterval(timer);
      if (isDrawn) stderr.write(ERASE);
    },
  };
}
