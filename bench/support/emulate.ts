import { startEmulator } from "../../src/emulator/index.ts";

interface Order {
  people: number;
  days: number;
  end: string;
  latencyMs?: number;
}

const { people, days, end, latencyMs = 0 } = JSON.parse(process.argv[2] ?? "{}") as Order;
const emulator = await startEmulator({ world: { seed: 1, people, days, end, scale: 1 }, latencyMs });
// Days are made when they are first asked for; the measurement is not to pay for that.
const lastDay = emulator.world.startsAt;
for (let back = 0; back <= days; back += 1) {
  emulator.world.claudeCode(new Date(lastDay - back * 86_400_000).toISOString().slice(0, 10), emulator.clock.now());
}
process.stdout.write(`${JSON.stringify({ url: emulator.url, key: emulator.keys.admin })}\n`);
