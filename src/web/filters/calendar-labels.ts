/** What the buttons of a calendar do, for those who do not see their arrows. */
export const CALENDAR_LABELS = {
  previousMonth: "Month before",
  nextMonth: "Next month",
  previousYear: "Year before",
  nextYear: "Next year",
  previousDecade: "Decade before",
  nextDecade: "Next decade",
  monthLevelControl: "Choose a month",
  yearLevelControl: "Choose a year",
};
