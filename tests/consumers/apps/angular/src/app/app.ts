import { Component, computed, signal } from "@angular/core";
import { open, type Snapshot } from "wicketgate";
import { injectGive, injectPermission, injectWicketgate, WicketgateCan } from "wicketgate/angular";

@Component({
  selector: "app-root",
  imports: [WicketgateCan],
  template: `
    <p *wicketgateCan="'assistant.edit'; on: assistant()" data-answer="component">{{ answer() }}</p>
    <button [disabled]="!mayEdit()" (click)="clicks.set(clicks() + 1)">clicked {{ clicks() }}</button>
  `,
})
export class App {
  protected readonly assistant = signal("a_1Wn0xP");
  protected readonly clicks = signal(0);
  protected readonly mayEdit = injectPermission("assistant.edit", () => this.assistant());
  private readonly state = injectWicketgate();
  protected readonly answer = computed(() => {
    const { snapshot } = this.state();
    return snapshot && described(snapshot);
  });

  constructor() {
    const give = injectGive();
    fetch("/snapshot.json")
      .then((response) => response.json())
      .then(({ token, keys }) => open(token, { keys }))
      .then((snapshot) => give({ snapshot, principal: snapshot.as() }));
  }
}

/** Says of each assistant whether it may be edited, or why not. */
function described(snapshot: Snapshot): string {
  const me = snapshot.as();
  return (snapshot.facts().assistants ?? [])
    .map(({ id, name }) => {
      const decision = me.check("assistant.edit", id);
      return `${name}: ${decision.allowed ? me.can("assistant.edit", id) : decision.denied}`;
    })
    .join("; ");
}
