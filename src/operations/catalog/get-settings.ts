import { z } from "zod";

import { defineOperation } from "../define.ts";
import { isSameSetting, readSettings, SETTING_NAMES, settingsShape, TENANT_SETTINGS } from "../tenant-settings.ts";

export const getSettings = defineOperation({
  id: "getSettings",
  title: "Get settings",
  summary: "What this tenant decided about privacy, denominators, prices, sessions and alerts.",
  input: z.object({}),
  output: z.object({
    settings: settingsShape,
    described: z.array(z.object({ name: z.string(), says: z.string(), isDefault: z.boolean() })),
  }),
  permission: "settings",
  effect: "read",
  fresh: true,
  audit: "none: the settings themselves, for who may change them",
  run: async ({ store, scope }) => {
    const settings = await store.read((tx) => readSettings(tx, scope));
    const described = SETTING_NAMES.map((name) => ({
      name,
      says: TENANT_SETTINGS[name].says,
      isDefault: isSameSetting(settings[name], TENANT_SETTINGS[name].default),
    }));
    return { settings, described };
  },
});
