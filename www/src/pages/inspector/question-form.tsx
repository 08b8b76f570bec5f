// Asks the opened snapshot a question, as the console and the gate do.
import { useMemo, useState } from "react";
import {
  type Capability,
  type Decision,
  type Kind,
  type Organization,
  type Question,
  type Snapshot,
  WicketgateError,
} from "wicketgate";
import { Badge } from "../../ui/badge";
import { SelectField } from "../../ui/select-field";
import { TextField } from "../../ui/text-field";
import { CAPABILITIES } from "../../data/capabilities";
import { reasonInWords } from "../../why/words";

/** Ids suggested at once; typing finds the others. */
const OFFERED = 50;

const TARGETS: Record<Exclude<Kind, "organization">, { label: string; list: "teams" | "projects" | "assistants" }> = {
  team: { label: "Team", list: "teams" },
  project: { label: "Project", list: "projects" },
  assistant: { label: "Assistant", list: "assistants" },
};

const KINDS: Record<Kind, string> = { organization: "Organization", team: "Team", project: "Project", assistant: "Assistant" };

const CAPABILITY_OPTIONS = (Object.keys(CAPABILITIES) as Capability[]).map((value) => ({
  value,
  label: `${KINDS[CAPABILITIES[value].kind]}: ${CAPABILITIES[value].label} (${value})`,
}));

export function QuestionForm({ snapshot }: { snapshot: Snapshot }) {
  const facts = useMemo(() => snapshot.facts(), [snapshot]);
  const { scope, subject } = snapshot;
  const [as, setAs] = useState<"user" | "visitor">("user");
  const [user, setUser] = useState("");
  const [link, setLink] = useState("");
  const [origin, setOrigin] = useState("");
  const [capability, setCapability] = useState<Capability>("assistant.view");
  const [target, setTarget] = useState("");
  const { kind } = CAPABILITIES[capability];
  const who = scope === "member" ? "member" : scope === "gate" ? "visitor" : as;
  const complete = (who !== "user" || user !== "") && (kind === "organization" || target !== "");

  function answer(): Decision | string {
    const presented =
      who === "member"
        ? undefined
        : { ...(who === "user" && { user }), ...(link !== "" && { link }), ...(who === "visitor" && origin !== "" && { origin }) };
    const question = (kind === "organization" ? [capability] : [capability, target]) as Question;
    try {
      return snapshot.as(presented).check(...question);
    } catch (error) {
      if (error instanceof WicketgateError) return error.message;
      throw error;
    }
  }

  return (
    <section className="card" aria-label="Ask the snapshot">
      <h2>Ask the snapshot</h2>
      <div className="question">
        {who === "member" && (
          <p className="soft subject">
            As <strong>{subject}</strong>: this snapshot answers for nobody else.
          </p>
        )}
        {scope === "workspace" && (
          <SelectField
            label="As"
            value={as}
            onChange={setAs}
            options={[
              { value: "user", label: "A user" },
              { value: "visitor", label: "A visitor" },
            ]}
          />
        )}
        {who === "user" && (
          <TextField
            label="User"
            value={user}
            onChange={(text) => setUser(text.trim())}
            spellCheck={false}
            placeholder="Id of the user"
            suggestions={offered(facts.users, user)}
          />
        )}
        {who !== "member" && (
          <TextField
            label="Link key (optional)"
            value={link}
            onChange={(text) => setLink(text.trim())}
            spellCheck={false}
            placeholder="wk_…"
          />
        )}
        {who === "visitor" && (
          <TextField
            label="Origin (optional)"
            value={origin}
            onChange={(text) => setOrigin(text.trim())}
            spellCheck={false}
            placeholder="https://docs.example"
          />
        )}
        <SelectField label="May they" value={capability} onChange={setCapability} options={CAPABILITY_OPTIONS} />
        {kind !== "organization" && (
          <TextField
            label={TARGETS[kind].label}
            value={target}
            onChange={(text) => setTarget(text.trim())}
            spellCheck={false}
            placeholder="Id"
            suggestions={offered(facts[TARGETS[kind].list], target)}
          />
        )}
      </div>
      <div role="status">
        {complete ? (
          <Answer answer={answer()} facts={facts} />
        ) : (
          <p className="soft">Enter who asks{kind === "organization" ? "" : ", and about what"}.</p>
        )}
      </div>
    </section>
  );
}

function Answer({ answer, facts }: { answer: Decision | string; facts: Organization }) {
  if (typeof answer === "string") return <p className="problem">{answer}</p>;
  return (
    <p className="answer" data-allowed={answer.allowed}>
      <Badge tone={answer.allowed ? "good" : "bad"}>{answer.allowed ? "Allowed" : "Denied"}</Badge>{" "}
      {reasonInWords(answer, facts, "they")}{" "}
      <code className="soft">{answer.allowed ? answer.because.map(({ relation }) => relation).join(", ") : answer.denied}</code>
    </p>
  );
}

function offered(things: readonly { id: string }[] = [], typed: string): string[] {
  const wanted = typed.toLowerCase();
  return things
    .filter(({ id }) => id.toLowerCase().includes(wanted))
    .slice(0, OFFERED)
    .map(({ id }) => id);
}
