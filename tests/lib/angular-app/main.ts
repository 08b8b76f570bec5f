// An Angular app that asks in every way there is. Compiled as applications are.
import { ApplicationRef, ChangeDetectionStrategy, Component, provideZonelessChangeDetection, signal } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import {
  type Given,
  injectDecision,
  injectPermission,
  injectWicketgate,
  provideWicketgate,
  WicketgateCan,
} from "wicketgate/angular";

@Component({
  selector: "app-root",
  standalone: true,
  imports: [WicketgateCan],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <ul>
      <li id="edit">{{ mayEdit() }}</li>
      <li id="create">{{ mayCreate() }}</li>
      <li id="why">{{ why().denied ?? why().because?.[0]?.relation }}</li>
      <li id="state">{{ state().freshness }} {{ state().error?.code ?? "" }}</li>
      <li *wicketgateCan="'assistant.edit'; on: id(); else: denied; let decision" id="shown">{{ decision.because?.[0]?.relation }}</li>
      <li *wicketgateCan="'team.create'; not: true" id="upsell">upsell</li>
      <ng-template #denied let-decision><li id="hidden">{{ decision.denied }}</li></ng-template>
    </ul>`,
})
class App {
  readonly id = signal<string | undefined>("helper");
  readonly mayEdit = injectPermission("assistant.edit", this.id);
  readonly mayCreate = injectPermission("team.create");
  readonly why = injectDecision("assistant.edit", () => this.id());
  readonly state = injectWicketgate();
  constructor() {
    Object.assign(globalThis, { target: (id: string | undefined) => this.id.set(id) });
  }
}

export async function start(element: Element, given: Given): Promise<{ end(): void; stable(): boolean }> {
  element.append(document.createElement("app-root"));
  const app = await bootstrapApplication(App, { providers: [provideZonelessChangeDetection(), provideWicketgate(() => given)] });
  const stable = { now: false };
  app.injector.get(ApplicationRef).isStable.subscribe((now) => (stable.now = now));
  return { end: () => app.destroy(), stable: () => stable.now };
}
