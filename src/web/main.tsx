import { createRoot } from "react-dom/client";

import "./styles/base.css";
import "./ui/ui.css";
import "./shell/shell.css";
import "./styles/print.css";
import { App } from "./app.tsx";
import { goToWanted } from "./shell/wanted-page.ts";

goToWanted();

createRoot(document.querySelector("#root")!).render(<App />);
