export { useChoices, useNames } from "./choices.ts";
export { FilterBar, type FilterBarProps } from "./filter-bar.tsx";
export { carriedFilters, conditionsOf, NARROWINGS, type Filters, type Grain, type Narrowing } from "./filters.ts";
export { linkTo } from "./link-to.ts";
export { PresentNotice } from "./present-notice.tsx";
export { daysIn, useFilters, type Common } from "./use-filters.ts";
