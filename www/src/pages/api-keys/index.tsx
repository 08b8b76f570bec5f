// Settings → API keys: the keys with which servers use the authority.
import { useMemo, useState } from "react";
import { fetchApiKeys } from "../../data/api";
import { Feed } from "../../data/feed";
import { useNames } from "../../data/names";
import { useRepeated } from "../../data/use-repeated";
import { ActionTable } from "../../ui/action-table";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { Loading } from "../../ui/loading";
import { Page } from "../../ui/page";
import { SearchField, useFound } from "../../ui/search-field";
import { ActionButton } from "../../why/action-button";
import { columns } from "./columns";
import { CreateKey } from "./create-key";
import { type KeyRow, keyRows } from "./rows";
import { useKeyActions } from "./use-key-actions";
import "../shared/shared.css";
import "./api-keys.css";

/** Milliseconds between two requests: the time of the last use changes without a new version, once a minute at most. */
const INTERVAL = 60_000;

const textOf = ({ words }: KeyRow) => words;

export default function ApiKeys() {
  const { value, failure, pending, retry } = useRepeated(
    useMemo(() => new Feed(fetchApiKeys), []),
    INTERVAL,
  );
  const names = useNames();
  const rows = useMemo(() => (value ? keyRows(value.keys, names) : []), [value, names]);
  const [search, setSearch] = useState("");
  const found = useFound(rows, search, textOf);
  const [creating, setCreating] = useState(false);
  const { actions, dialog } = useKeyActions(rows);

  return (
    <Page
      title="API keys"
      description="With a key, a server of yours uses the authority without a person who signs in."
      actions={
        <ActionButton do="panel.api_keys" variant="primary" onClick={() => setCreating(true)}>
          New API key
        </ActionButton>
      }
    >
      <Failure failure={failure} title={value ? "This may be out of date" : "Nothing can be shown yet"} onRetry={retry} />
      {pending && <Loading what="Loading the API keys" />}
      {value && rows.length > 0 && (
        <search className="toolbar">
          <SearchField
            label="Find an API key"
            value={search}
            onChange={setSearch}
            placeholder="Name, role, purpose, network or creator"
          />
          <p className="soft found" role="status">
            {found.length === rows.length ? rows.length : `${found.length} of ${rows.length}`}
          </p>
        </search>
      )}
      {value && (
        <ActionTable
          caption="API keys"
          columns={columns}
          rows={found}
          rowId={({ key }) => key.id}
          rowName={({ key }) => key.name}
          initialSort={{ column: "name" }}
          actions={actions}
          empty={rows.length > 0 ? <Empty title="No API key matches." /> : <NoKeys />}
        />
      )}
      {creating && <CreateKey onClose={() => setCreating(false)} />}
      {dialog}
    </Page>
  );
}

function NoKeys() {
  return (
    <Empty title="There are no API keys.">
      <p>
        A key is for a server of yours: it sends commands, or reads people, snapshots and the audit log, as far as its role and what
        you choose allow.
      </p>
      <p>Its secret is shown once, when the key is created.</p>
    </Empty>
  );
}
