import { createRoot } from "react-dom/client";

import "./styles/base.css";
import "./ui/ui.css";
import "./shell/shell.css";
import "./styles/print.css";
import { App } from "./app.tsx";

createRoot(document.querySelector("#root")!).render(<App />);
