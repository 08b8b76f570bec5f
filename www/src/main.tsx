import { createRoot } from "react-dom/client";
import { App } from "./app";
import { WithOrganization } from "./shell/with-organization";
import "./styles/index.css";

createRoot(document.getElementById("root")!).render(
  <WithOrganization>
    <App />
  </WithOrganization>,
);
