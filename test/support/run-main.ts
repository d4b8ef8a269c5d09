/** The program from its sources: for processes of tests that are not to wait for a build. */
import { main } from "../../src/app/main.ts";

await main();
