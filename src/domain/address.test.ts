import { describe, expect, it } from "vitest";

import { isLoopback, isPublicAddress } from "./address.ts";

describe("an address of the public internet", () => {
  it.each([
    "1.1.1.1",
    "172.15.0.1",
    "172.32.0.1",
    "100.128.0.1",
    "93.184.216.34",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450:4001::",
  ])("is %s", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.9.9.9",
    "127.255.255.255",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:a00:1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "ff02::1",
    "2001:db8::1",
    "2001::1",
    "2002:7f00:1::",
    "localhost",
    "",
  ])("is not %j", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe("this machine itself", () => {
  it.each(["http://localhost:1", "http://127.0.0.1", "http://127.1", "http://[::1]:8080"])("is %s", (address) => {
    expect(isLoopback(new URL(address))).toBe(true);
  });

  it.each(["http://127.0.0.1.example", "http://localhost.example", "http://0.0.0.0", "http://10.0.0.1"])(
    "is not %s",
    (address) => {
      expect(isLoopback(new URL(address))).toBe(false);
    },
  );
});
