import { ApplicationConfig, provideBrowserGlobalErrorListeners } from "@angular/core";
import { provideWicketgate } from "wicketgate/angular";

export const appConfig: ApplicationConfig = {
  providers: [provideBrowserGlobalErrorListeners(), provideWicketgate()],
};
