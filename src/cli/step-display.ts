import type { Io } from "./io.ts";

const REDRAW_MS = 200;

/** One line on stderr that says how far a piece of work is; nothing where it cannot be redrawn. */
export function stepDisplay(io: Io): { show: (step: string) => void; end: () => void } {
  let drawnAt = 0;
  let isDrawn = false;
  return {
    show(step) {
      const now = performance.now();
      if (!io.canRedraw || now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      isDrawn = true;
      io.err(`\r\u001b[K${step.slice(0, io.columns() - 1)}`);
    },
    end() {
      if (isDrawn) io.err("\r\u001b[K");
      isDrawn = false;
    },
  };
}
