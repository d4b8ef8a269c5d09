import { describe, expect, it } from "vitest";

import { placeOf, readClientMetadata } from "./client-metadata.ts";

const GOOD = { redirect_uris: ["https://client.example/callback"] };

describe("where a client may be sent back to", () => {
  it.each([
    ["https://client.example/callback", "web"],
    ["https://client.example:8443/callback?x=1", "web"],
    ["http://127.0.0.1:1234/callback", "loopback"],
    ["http://localhost/callback", "loopback"],
    ["http://[::1]:1/", "loopback"],
    ["http://client.example/callback", null],
    ["https://localhost/callback", null],
    ["http://127.0.0.2/callback", null],
    ["https://client.example/callback#part", null],
    ["https://user:pass@client.example/", null],
    ["cursor://callback", null],
    ["javascript:alert(1)", null],
    ["data:text/html,x", null],
    ["/callback", null],
    ["", null],
  ])("%s is %s", (address, place) => {
    expect(placeOf(address)).toBe(place);
  });
});

describe("what a client says about itself", () => {
  it.each<[string, unknown, string]>([
    ["nothing", {}, "invalid_redirect_uri"],
    ["no object", [GOOD], "invalid_client_metadata"],
    ["null", null, "invalid_client_metadata"],
    ["no place to come back to", { redirect_uris: [] }, "invalid_redirect_uri"],
    ["a place that is none", { redirect_uris: ["https://client.example", 7] }, "invalid_redirect_uri"],
    [
      "one bad place among good ones",
      { redirect_uris: ["https://a.example", "http://b.example"] },
      "invalid_redirect_uri",
    ],
    [
      "a thousand places",
      { redirect_uris: Array.from({ length: 1_000 }, () => "https://a.example") },
      "invalid_redirect_uri",
    ],
    ["a name that is none", { ...GOOD, client_name: { toString: "x" } }, "invalid_client_metadata"],
    ["no code flow", { ...GOOD, grant_types: ["client_credentials"] }, "invalid_client_metadata"],
    ["tokens without a code", { ...GOOD, response_types: ["token"] }, "invalid_client_metadata"],
  ])("is refused as %s", (_, said, error) => {
    expect(readClientMetadata(said)).toMatchObject({ error });
  });

  it("keeps a name short and makes what cannot be seen visible", () => {
    const read = readClientMetadata({ ...GOOD, client_name: `a\u0000${"x".repeat(500)}` });
    const name = "metadata" in read ? (read.metadata.client_name ?? "") : "";
    expect(name.startsWith("a\\u0000x")).toBe(true);
    expect(name.length).toBeLessThanOrEqual(80);
  });

  it("makes a program of whatever comes back to this machine, so that its port may change", () => {
    const both = { redirect_uris: ["https://client.example/callback", "http://127.0.0.1/callback"] };
    expect(readClientMetadata(both)).toMatchObject({ metadata: { application_type: "native" } });
    expect(readClientMetadata(GOOD)).toMatchObject({ metadata: { application_type: "web" } });
  });
});

it("lets a client refresh that does not say how it comes by tokens, and none that says it does without", () => {
  expect(readClientMetadata(GOOD)).toMatchObject({
    metadata: { grant_types: ["authorization_code", "refresh_token"] },
  });
  const without = { ...GOOD, grant_types: ["authorization_code"] };
  expect(readClientMetadata(without)).toMatchObject({ metadata: { grant_types: ["authorization_code"] } });
});
