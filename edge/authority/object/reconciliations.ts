// Leading the organization to desired facts: `POST /v1/reconcile`. Lines arrive in parts and wait in a table, so that neither memory nor the body of
// a request bounds them. Then all commands are executed in one transaction. The object answers nobody else meanwhile: nobody may see a part.
import { type ReconciledLines, Reconciliation, type RefusedLine } from "wicketgate/authority";
import type { ReconcileOptions, ReconcileStep, ReconcileStepped } from "../messages";
import { detailsOf, Problem } from "../problem";
import type { ReconcileAnswer } from "../wire";
import { requireOverview } from "./access";
import type { Admitted } from "./callers";
import { clock } from "./clock";
import type { Commands } from "./commands";
import type { History } from "./history";
import type { Tables } from "./tables/tables";

/** Seconds without a new part after which another reconciliation may begin. */
const PATIENCE = 60;
/** Things that are removed in one call of the core. */
const REMOVED_AT_ONCE = 500;
/** Lines of one call of the core: so few that their events take little memory. */
const LINES_AT_ONCE = 200;
/** Commands of a rehearsal that the answer lists. */
const LISTED = 1000;
/** Commands of a rehearsal that the answer says more of: who gains or loses what. */
const PREVIEWED = 100;

/** What is known of the one reconciliation that is under way. */
interface Running {
  /** Names it, so that a late part of another one is not taken for its own. */
  id: string;
  sender: Admitted;
  lines: Reconciliation;
  options: ReconcileOptions;
  chunks: number;
  count: number;
  touched: number;
}

export class Reconciliations {
  readonly #tables: Tables;
  readonly #history: History;
  readonly #commands: Commands;
  #running: Running | undefined;

  constructor(tables: Tables, history: History, commands: Commands) {
    this.#tables = tables;
    this.#history = history;
    this.#commands = commands;
    // What an object left that stopped before the last line.
    tables.staged.clear();
  }

  /** A step after the first: whoever knows the id sends it. */
  async step(step: ReconcileStep): Promise<ReconcileStepped> {
    if ("lines" in step) return this.#stage(step.id, step.lines, step.first);
    if (step.end === "finish") return this.#finish(step.id);
    if (this.#running?.id === step.id) this.#end();
    return { id: step.id, lines: 0 };
  }

  async begin(sender: Admitted, options: ReconcileOptions): Promise<ReconcileStepped> {
    const now = clock();
    // The faults of lines and the commands that are not necessary tell what there is.
    requireOverview(this.#history.directory, sender.actor);
    this.#commands.requireVersion(options.ifVersion);
    const left = this.#running ? this.#running.touched + PATIENCE - now : 0;
    if (left > 0) throw new Problem("unavailable", "another reconciliation is under way", { retry_after: left });
    const lines = await Reconciliation.begin({
      kinds: options.kinds,
      ...(options.successor !== undefined && { successor: options.successor }),
    });
    this.#end();
    const id = crypto.randomUUID();
    this.#running = { id, sender, lines, options, chunks: 0, count: 0, touched: now };
    return { id, lines: 0 };
  }

  #stage(id: string, text: string, first: number): ReconcileStepped {
    const running = this.#of(id);
    running.touched = clock();
    const { lines, refused } = running.lines.read(text, first);
    if (refused) throw this.#refused(refused);
    for (const [kind, chunk] of lines) {
      this.#tables.staged.insert(kind, running.chunks, chunk);
      running.count += chunk.split("\n").length - 1;
    }
    running.chunks += 1;
    return { id, lines: running.count };
  }

  async #finish(id: string): Promise<ReconcileStepped> {
    const { sender, lines, options, count } = this.#of(id);
    const { dryRun, ifVersion } = options;
    try {
      this.#commands.requireVersion(ifVersion);
      const with_ = { actor: sender.actor, now: clock(), previews: dryRun ? PREVIEWED : 0 };
      const commands = new Map<string, number>();
      const listed: NonNullable<ReconcileAnswer["listed"]> = [];
      const { directory } = this.#history;
      await this.#history.recordTogether((record) => {
        const take = ({ done, refused }: ReconciledLines): number => {
          for (const one of done) {
            record(one);
            commands.set(one.command.type, (commands.get(one.command.type) ?? 0) + 1);
            if (dryRun && listed.length < LISTED)
              listed.push({ command: one.command, ...(one.preview && { preview: one.preview }) });
            if (listed.length >= PREVIEWED) with_.previews = 0;
          }
          if (refused) throw this.#refused(refused);
          return done.length;
        };
        for (const { step, kind } of Reconciliation.PHASES) {
          if (step === "gone") {
            while (take(lines.removeUnnamed(directory, kind, REMOVED_AT_ONCE, with_)) > 0);
          } else {
            for (const chunk of this.#tables.staged.chunks(kind))
              for (const some of slices(this.#tables.staged.lines(kind, chunk)))
                take(lines.reconcile(directory, some, with_, step === "late"));
          }
        }
      }, dryRun);
      const total = [...commands.values()].reduce((sum, each) => sum + each, 0);
      const { version } = this.#history.directory;
      const result = { version, lines: count, total, commands: Object.fromEntries(commands), ...(dryRun && { listed }) };
      return { id, lines: count, result };
    } finally {
      this.#end();
    }
  }

  /** The lines may have taken long: who sends them must still be who began, with the same rights. */
  #of(id: string): Running {
    const running = this.#running;
    if (running?.id !== id) throw new Problem("unavailable", "the reconciliation was interrupted: send it again");
    running.sender.recheck();
    requireOverview(this.#history.directory, running.sender.actor);
    return running;
  }

  #end(): void {
    this.#running?.lines.free();
    this.#running = undefined;
    this.#tables.staged.clear();
  }

  /** The problem of a line: its path begins with the number. */
  #refused({ line, code, message, path, refusal }: RefusedLine): Problem {
    const at = line === undefined ? undefined : path === undefined ? `line ${line}` : `line ${line}: ${path}`;
    const { path: _, ...details } = refusal ?? {};
    return new Problem(
      code,
      line === undefined ? message : `line ${line}: ${message}`,
      detailsOf({ ...details, ...(at !== undefined && { path: at }) }),
    );
  }
}

/** Groups of lines. */
function* slices(text: string): Generator<string> {
  let start = 0;
  while (start < text.length) {
    let end = start;
    for (let n = 0; n < LINES_AT_ONCE && end < text.length; n += 1) end = text.indexOf("\n", end) + 1;
    yield text.slice(start, end);
    start = end;
  }
}
