import { createRoot } from "react-dom/client";

import "./styles/base.css";
import "./styles/print.css";
import { App } from "./app.tsx";

createRoot(document.querySelector("#root")!).render(<App />);
