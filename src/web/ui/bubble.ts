// A file of its own, as it is loaded by itself.
export { Tooltip as Bubble } from "@mantine/core";
