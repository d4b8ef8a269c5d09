/** One thing measured, beside the best that this machine could do at it in the same minute. */
export interface Bench {
  /** Kebab-case, unique over all files. */
  readonly name: string;
  /** Of figure and floor: `rows/s`, `ms`, `MB`. */
  readonly unit: string;
  readonly higherIsBetter: boolean;
  /** Measures once; the runner repeats it and takes medians. Makes and removes its own files. */
  run(): Promise<Measurement>;
  /** How often to run: 5 when it says nothing; 1 for what takes minutes. */
  readonly runs?: number;
}

export interface Measurement {
  readonly figure: number;
  /**
   * The least work that anything doing this must do, measured in the same run on the same data: bare inserts for a
   * commit, bare hashing for a proof. A figure alone tells of the machine; the ratio tells of us.
   */
  readonly floor: number;
  /** What was measured, when the name does not say it: sizes, counts. */
  readonly note?: string;
}
