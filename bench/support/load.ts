/** How long each request took, in milliseconds, sorted. */
export type Latencies = readonly number[];

export function quantile(sorted: Latencies, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** One client: each request waits for the one before. */
export async function oneByOne(requests: readonly (() => Promise<unknown>)[]): Promise<Latencies> {
  const took: number[] = [];
  for (const request of requests) {
    const started = performance.now();
    await request();
    took.push(performance.now() - started);
  }
  return took.sort((a, b) => a - b);
}

/** So many clients that each ask again as soon as they are answered. Gives requests a second. */
export async function closedLoop(clients: number, seconds: number, request: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  let answered = 0;
  const client = async () => {
    while (performance.now() - started < seconds * 1000) {
      await request();
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return (answered * 1000) / (performance.now() - started);
}

export interface OpenLoop {
  readonly latencies: Latencies;
  /** Share of one core that this process, which asks, used itself. */
  readonly generatorCpu: number;
}

/**
 * Requests at fixed times, whether those before are answered or not; a late answer counts from the time at which it was
 * due, so that a stall is not hidden by asking less.
 */
export async function openLoop(
  aSecond: number,
  seconds: number,
  request: (at: number) => Promise<unknown>,
): Promise<OpenLoop> {
  const started = performance.now();
  const cpu = process.cpuUsage();
  const took: number[] = [];
  const asked: Promise<void>[] = [];
  for (let at = 0; at < aSecond * seconds; at += 1) {
    const due = started + (at * 1000) / aSecond;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    asked.push(request(at).then(() => void took.push(performance.now() - due)));
  }
  await Promise.all(asked);
  const { user, system } = process.cpuUsage(cpu);
  const generatorCpu = (user + system) / 1000 / (performance.now() - started);
  return { latencies: took.sort((a, b) => a - b), generatorCpu };
}
