// Before the first paint, and outside the bundle: a page that opens white and turns dark hurts the eyes.
try {
  const chosen = localStorage.getItem("bursar-theme");
  const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.mantineColorScheme = dark ? "dark" : "light";
} catch {
  document.documentElement.dataset.mantineColorScheme = "light";
}
