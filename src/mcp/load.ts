/**
 * What asks the record is loaded when something is asked: named by the index itself, a bundle would carry it to every
 * client that only lists tools.
 */
export const loadMcpHttp = async () => (await import("./http.ts")).createMcpHttp;
export const loadKeptAnswers = async () => (await import("./kept-answers.ts")).KeptAnswers;
