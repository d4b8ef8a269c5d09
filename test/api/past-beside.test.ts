import { setTimeout } from "node:timers/promises";

import { expect, it } from "vitest";

import { dayText, parseDay } from "../../src/domain/index.ts";
import { forgetPasts } from "../../src/metrics/index.ts";
import { testApi } from "../support/api.ts";
import { withSyncedBursar } from "../support/bursar.ts";

const LAST = parseDay("2026-10-31");
/** More than are kept ready, so that none answers for another. */
const PASTS = 8;

it("health and today's questions are answered while eight pasts are built beside them", () =>
  withSyncedBursar(async (bursar) => {
    const limits = { requestsPerMinute: 1e9, anonymousPerMinute: 1e9, probesPerMinute: 1e9 };
    const api = await testApi({ ...bursar, limits });
    const server = await api.listen();
    const headers = { authorization: `Bearer ${await api.token()}` };
    const ask = async (path: string) => {
      const answer = await fetch(`${server.url}${path}`, { headers });
      return [answer.status, await answer.text()] as const;
    };
    try {
      const open = new Set(Array.from({ length: PASTS }, (_, at) => dayText(LAST - at)));
      const asked = [...open];
      const pasts = asked.map(async (day) => {
        const [status, body] = await ask(`/api/v1/report?metric=tokens&from=2026-10-25&to=2026-10-26&asOf=${day}`);
        open.delete(day);
        return [status, (JSON.parse(body) as { asOf: string }).asOf];
      });
      const all = Promise.all(pasts);
      const [ownBefore, before] = [process.threadCpuUsage(), process.cpuUsage()];
      for (let at = 0; open.size > 0; at++) {
        const day = dayText(LAST - (at % 8));
        const today = await Promise.all([ask("/healthz"), ask(`/api/v1/report?metric=cost&from=${day}&to=${day}`)]);
        expect(today.map(([status]) => status)).toEqual([200, 200]);
        await setTimeout(50);
      }
      expect(await all).toEqual(asked.map((day) => [200, day]));
      // The server's thread is this one: most of the work was done in another.
      const [own, whole] = [process.threadCpuUsage(ownBefore), process.cpuUsage(before)];
      expect(whole.user).toBeGreaterThan(2 * own.user);
    } finally {
      await server.close();
      await forgetPasts(bursar.store);
    }
  }));
