import type { WitnessServeOptions } from "../cli/index.ts";
import { systemClock, type Log } from "../domain/index.ts";
import { HttpServer } from "./http-server.ts";
import { random } from "./random.ts";
import { WitnessFolder } from "./witness-folder.ts";
import { witnessServer } from "./witness-server.ts";

/** Answers as a witness until the signal. */
export async function serveWitness(
  options: WitnessServeOptions,
  listen: { readonly host: string; readonly port: number },
  log: Log,
): Promise<void> {
  const { dir, name, logs, signal } = options;
  const witness = await WitnessFolder.open({ dir, name, logs, clock: systemClock, random });
  try {
    const server = await HttpServer.listen(listen, false);
    try {
      server.answerWith(witnessServer(witness, log));
      options.onListening({
        url: server.url,
        name: witness.name,
        vkey: witness.vkey,
        watched: await witness.watched(),
      });
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener("abort", () => resolve(), { once: true });
      });
    } finally {
      await server.close();
    }
  } finally {
    await witness.close();
  }
}
