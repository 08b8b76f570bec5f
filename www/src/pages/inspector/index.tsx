// The snapshot inspector: what a token is, whether it verifies, and its contents. What is pasted is neither sent nor stored.
import { useEffect, useMemo, useState } from "react";
import type { JwkSet } from "wicketgate";
import { Button } from "../../ui/button";
import { Loading } from "../../ui/loading";
import { Notice } from "../../ui/notice";
import { Page } from "../../ui/page";
import { SelectField } from "../../ui/select-field";
import { TextField } from "../../ui/text-field";
import { Contents } from "./contents";
import { type Inspection, inspect, type InspectionInput } from "./inspect";
import { readKeys, useServiceKeys } from "./keys";
import { QuestionForm } from "./question-form";
import { isPayload, readToken, type Token } from "./token";
import type { Expectations } from "./steps";
import { Verdict } from "./verdict";
import "./inspector.css";

const NOTHING_EXPECTED: Expectations = { issuer: "", audience: "", organization: "" };

export default function Inspector() {
  const ours = useServiceKeys();
  const [text, setText] = useState("");
  const [signature, setSignature] = useState("");
  const [base, setBase] = useState("");
  const [source, setSource] = useState<"ours" | "pasted">("ours");
  const [pastedKeys, setPastedKeys] = useState("");
  const [time, setTime] = useState<"now" | "issued">("now");
  const [expected, setExpected] = useState(NOTHING_EXPECTED);

  const token = useMemo(() => readToken(text, signature), [text, signature]);
  const start = useMemo(() => (token?.kind === "delta" ? readToken(base, "") : undefined), [token, base]);
  const read = useMemo(
    () => (source === "pasted" && pastedKeys.trim() !== "" ? readKeys(pastedKeys) : undefined),
    [source, pastedKeys],
  );
  const keys = source === "ours" ? ours.keys : typeof read === "object" ? read : undefined;
  const at = time === "issued" ? issuedAt(token) : undefined;
  const inspection = useInspection(ours.ready ? token : undefined, keys, expected, at, start);

  function clear(): void {
    setText("");
    setSignature("");
    setBase("");
  }

  return (
    <Page
      title="Snapshot inspector"
      description="Paste a snapshot, a delta, a head or a pass to see its contents and whether it is genuine. It stays in this page: nothing is sent, and nothing is stored."
      actions={text !== "" && <Button onClick={clear}>Clear</Button>}
    >
      <section className="card inspector-input" aria-label="What to inspect">
        <TextField
          label="Token, or payload"
          value={text}
          onChange={setText}
          rows={6}
          spellCheck={false}
          placeholder="eyJhbGciOiJFZERTQSIs…  or  {&quot;iss&quot;:…"
        />
        {isPayload(text) && (
          <TextField
            label="Signature"
            value={signature}
            onChange={setSignature}
            spellCheck={false}
            placeholder="header..signature"
            description="The value of the header Wicketgate-Signature that came with the payload."
          />
        )}
        {token?.kind === "delta" && (
          <TextField
            label="The snapshot that it starts from"
            value={base}
            onChange={setBase}
            rows={4}
            spellCheck={false}
            description="A delta contains only changes. Paste the snapshot in compact form to see the result."
          />
        )}
        <div className="toolbar">
          <SelectField
            label="Keys"
            value={source}
            onChange={setSource}
            options={[
              { value: "ours", label: "This authority and its gate" },
              { value: "pasted", label: "Pasted…" },
            ]}
          />
          <SelectField
            label="As of"
            value={time}
            onChange={setTime}
            options={[
              { value: "now", label: "Now" },
              { value: "issued", label: "When it was issued" },
            ]}
          />
        </div>
        {source === "pasted" && (
          <TextField
            label="JWK Set"
            value={pastedKeys}
            onChange={setPastedKeys}
            rows={4}
            spellCheck={false}
            error={typeof read === "string" ? read : undefined}
            description="The public keys of the expected signer."
          />
        )}
        {source === "ours" && ours.ready && !ours.keys && (
          <Notice kind="warn">
            <p>The keys could not be fetched. Paste them, or reload the page.</p>
          </Notice>
        )}
        <details>
          <summary>Expect an issuer, audience or organization</summary>
          <div className="expectations">
            {(Object.keys(NOTHING_EXPECTED) as (keyof Expectations)[]).map((name) => (
              <TextField
                key={name}
                label={LABELS[name]}
                value={expected[name]}
                onChange={(value) => setExpected({ ...expected, [name]: value.trim() })}
                spellCheck={false}
                placeholder="Anything"
              />
            ))}
          </div>
        </details>
      </section>
      {token && <Result token={token} keys={keys} inspection={inspection} />}
    </Page>
  );
}

const LABELS: Record<keyof Expectations, string> = { issuer: "Issuer", audience: "Audience", organization: "Organization" };

function Result({ token, keys, inspection }: { token: Token; keys: JwkSet | undefined; inspection: Inspection | undefined }) {
  const snapshot = inspection?.snapshot;
  const after = useMemo(() => (token.kind === "delta" ? snapshot?.facts() : undefined), [token, snapshot]);
  return (
    <>
      {keys ? (
        inspection ? (
          <Verdict token={token} inspection={inspection} />
        ) : (
          <Loading what="Verifying" />
        )
      ) : (
        <Notice kind="warn" title="Not verified">
          <p>There are no keys to verify it with.</p>
        </Notice>
      )}
      {snapshot && <QuestionForm snapshot={snapshot} />}
      <Contents token={token} verified={inspection?.verifies ?? false} after={after} />
    </>
  );
}

/** The inspection of the token; `undefined` until there is a result. */
function useInspection(
  token: Token | undefined,
  keys: JwkSet | undefined,
  expected: Expectations,
  at: number | undefined,
  base: Token | undefined,
): Inspection | undefined {
  const input = useMemo(
    (): InspectionInput | undefined => (token && keys ? { token, keys, expected, at, base } : undefined),
    [token, keys, expected, at, base],
  );
  const [answer, setAnswer] = useState<{ input: InspectionInput; inspection: Inspection }>();
  useEffect(() => {
    if (!input) return;
    let wanted = true;
    void inspect(input).then((inspection) => wanted && setAnswer({ input, inspection }));
    return () => {
      wanted = false;
    };
  }, [input]);
  return answer && answer.input === input ? answer.inspection : undefined;
}

/** For an expired token: a moment at which it was valid. */
function issuedAt(token: Token | undefined): number | undefined {
  const { iat, nbf, exp } = token?.claims ?? {};
  const begun = [iat, nbf].filter((moment) => typeof moment === "number");
  if (begun.length > 0) return Math.max(...begun);
  return typeof exp === "number" ? Math.max(0, exp - 1) : undefined;
}
