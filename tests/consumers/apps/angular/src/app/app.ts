import { Component, resource, signal } from '@angular/core';
import { open, type Snapshot } from 'wicketgate';

@Component({
  selector: 'app-root',
  template: `
    @if (snapshot.hasValue()) {
      <p data-answer="component">{{ described(snapshot.value()) }}</p>
    } @else if (snapshot.error()) {
      <p>{{ snapshot.error() }}</p>
    }
    <button (click)="clicks.set(clicks() + 1)">clicked {{ clicks() }}</button>
  `,
})
export class App {
  protected readonly clicks = signal(0);

  protected readonly snapshot = resource({
    loader: async () => {
      const { token, keys } = await (await fetch('/snapshot.json')).json();
      return open(token, { keys });
    },
  });

  protected described(snapshot: Snapshot): string {
    const me = snapshot.as();
    return (snapshot.facts().assistants ?? []).map(({ id, name }) => {
      const decision = me.check('assistant.edit', id);
      return `${name}: ${decision.allowed ? me.can('assistant.edit', id) : decision.denied}`;
    }).join('; ');
  }
}
