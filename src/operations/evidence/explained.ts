import { BY_HAND } from "./by-hand.ts";
import type { Figure } from "./figures.ts";
import type { Piece } from "./page.ts";

/** What the page of a bundle tells. */
export interface Explained {
  readonly title: string;
  readonly madeAt: string;
  readonly origin: string;
  readonly size: number;
  readonly records: number;
  readonly hasContent: boolean;
  readonly unsigned: number;
  readonly streams: readonly { readonly name: string; readonly title: string; readonly records: number }[];
  readonly figures: readonly Figure[];
  readonly anchors: number;
}

/** The page in plain words: what this is, what it says, how to check it, and what it does not show. */
export function explained(bundle: Explained): Piece[] {
  return [
    {
      text: `This is evidence taken from Bursar, which keeps an organization's records of its Claude usage. It was made at ${bundle.madeAt} from the log ${bundle.origin}, whose ${bundle.size} entries were signed at that time. Nobody has to trust Bursar to check it.`,
    },
    { heading: "What is in it" },
    {
      list: [
        `proof/: ${bundle.records} records of the log, each ${bundle.hasContent ? "with what was recorded" : "without what was recorded, which whoever made this may not see"}, and with the hashes that lead from it to the signed root.`,
        "checkpoint and vkey: the signed root, and the public key that signed it. witness-vkey: the keys of others who signed it too, if there are any.",
        ...(bundle.anchors > 0 ? ["anchors/: earlier signed roots with their time stamps."] : []),
        "queries.json: every figure, the question that made it, and the sums that it is made of. sums.jq: the program that makes the sums again.",
      ],
    },
    {
      table: [
        ["Stream", "What it is", "Records"],
        ...bundle.streams.map((one) => [one.name, one.title, String(one.records)]),
      ],
    },
    ...(bundle.figures.length === 0 ? [] : [{ heading: "The figures" }, { table: tableOf(bundle.figures) }]),
    ...(bundle.figures.some(({ agrees }) => agrees === false)
      ? [
          {
            text: "Where the records do not add up to a figure, the question looked inside records, as on one model of a day, and the records hold more than it counted; or records came in after the checkpoint.",
          },
        ]
      : []),
    ...(bundle.unsigned === 0
      ? []
      : [
          {
            text: `${bundle.unsigned} records came in after the last checkpoint and are not here. Make this again when the sync has ended.`,
          },
        ]),
    { heading: "How to check it" },
    {
      text: "In a shell, in this folder, with openssl, sha256sum, jq, xxd and the core utilities. Each step prints lines that begin with ok: when it holds.",
    },
    ...BY_HAND.flatMap(({ title, says, commands }) => [
      { heading: title, below: true as const },
      { text: says },
      { commands },
    ]),
    { heading: "What this shows, and what not" },
    {
      list: [
        "It shows that these records are in that log, that the holder of the key signed for it, and that the sums follow from the records.",
        "It does not show that these are all the records, or their latest versions: the whole ledger does, which whoever made this can give you (bursar ledger export).",
        "It does not show that the source told the truth, nor that everybody was shown the same log: witnesses and kept checkpoints show the latter, time stamps bound the time.",
        "Names, teams and owners in the questions are those of the day on which this was made, whatever the days that it is about.",
      ],
    },
  ];
}

function tableOf(figures: readonly Figure[]): string[][] {
  const told = ({ agrees, parts }: Figure) => {
    if (agrees === null)
      return parts.length === 0 ? "is no sum of records" : "is no sum; its parts are in queries.json";
    return agrees ? "the records add up to it" : "the records hold more or less than it counts";
  };
  const shown = ({ value, unit, reason }: Figure) =>
    value === null ? `unknown (${reason ?? "not told"})` : `${value} ${unit}`;
  return [
    ["Figure", "Value", "Checked when this was made"],
    ...figures.map((figure) => [figure.title, shown(figure), told(figure)]),
  ];
}
