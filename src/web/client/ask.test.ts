import { expect, it } from "vitest";

import { addressOf, ask, kebab, order, type Transport } from "./ask.ts";
import { Problem } from "./problem.ts";

function answering(
  status: number,
  body: unknown,
): Transport & { asked: { address: string; init: RequestInit | undefined }[] } {
  const asked: { address: string; init: RequestInit | undefined }[] = [];
  return {
    asked,
    fetch: async (address, init) => {
      asked.push({ address, init });
      return new Response(JSON.stringify(body), { status });
    },
  };
}

it("writes a question into an address: arrays repeated, conditions as text, what is not asked left out", () => {
  const where = [
    { dimension: "team", value: "R&D" },
    { dimension: "api_key", value: null },
  ];
  expect(addressOf("report", { metric: "cost", by: ["team", "model"], where, grain: undefined })).toBe(
    "/api/v1/report?metric=cost&by=team&by=model&where=team%3DR%26D&where=api_key%3Dnull",
  );
  expect(addressOf("describeMetrics", {}, { format: "csv", tenant: "acme" })).toBe(
    "/api/v1/describe-metrics?format=csv&tenant=acme",
  );
  expect(kebab("listWorkspaces")).toBe("list-workspaces");
});

it("names the tenant in a header and gives the answer as it is", async () => {
  const transport = answering(200, { metrics: [], dimensions: [], exports: [] });
  expect(await ask("describeMetrics", {}, { transport, tenant: "acme" })).toEqual({
    metrics: [],
    dimensions: [],
    exports: [],
  });
  expect(transport.asked[0]?.init?.headers).toMatchObject({ "x-bursar-tenant": "acme" });
});

it("orders with a JSON body", async () => {
  const transport = answering(200, {});
  await order("sync", {}, { transport });
  expect(transport.asked[0]).toMatchObject({ address: "/api/v1/sync", init: { method: "POST", body: "{}" } });
});

it("gives a refusal as a problem with its field and hint", async () => {
  const transport = answering(422, {
    title: "Not a day",
    detail: "from: x is not a day.",
    code: "input.date_unreadable",
    field: "from",
    hint: "Write it as YYYY-MM-DD.",
    requestId: "r1",
  });
  await expect(ask("describeMetrics", {}, { transport })).rejects.toMatchObject({
    status: 422,
    code: "input.date_unreadable",
    field: "from",
    hint: "Write it as YYYY-MM-DD.",
    requestId: "r1",
  });
});

it("tells a server that cannot be reached from one that refuses", async () => {
  const transport: Transport = { fetch: () => Promise.reject(new TypeError("failed")) };
  const thrown = await ask("describeMetrics", {}, { transport }).catch((reason: unknown) => reason);
  expect(thrown).toBeInstanceOf(Problem);
  expect(thrown).toMatchObject({ status: 0, code: "web.unreachable" });
});

it("survives an error that is no JSON", async () => {
  const transport: Transport = { fetch: async () => new Response("<html>", { status: 502 }) };
  await expect(ask("describeMetrics", {}, { transport })).rejects.toMatchObject({ status: 502 });
});
