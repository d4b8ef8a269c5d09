export { fittingChoice, formatChoice, parseChoice, type Choice } from "./choice.ts";
export { pivotChart } from "./pivot-chart.ts";
export { PivotControls } from "./pivot-controls.tsx";
export { PivotTable } from "./pivot-table.tsx";
export { pivotLabel } from "./pivot.ts";
export { SavedViews } from "./saved-views.tsx";
export { MOST_ROWS, usePivot } from "./use-pivot.ts";
