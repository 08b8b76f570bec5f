// Access review: the findings, the changes since an earlier review, and the past reviews.
import { useMemo, useState } from "react";
import { Link, useParams } from "wouter";
import type { Review } from "../../data/api";
import { authorityTime } from "../../lib/clock";
import { useConsole } from "../../data/console-context";
import { useDirectory, useNames } from "../../data/names";
import type { Overview } from "../../data/overview";
import { useOverview } from "../../data/use-overview";
import { CsvButton } from "../../ui/csv-button";
import { Failure } from "../../ui/failure";
import { Loading } from "../../ui/loading";
import { Notice } from "../../ui/notice";
import { Page } from "../../ui/page";
import { SelectField } from "../../ui/select-field";
import { listOf } from "../../lib/sentences";
import { timeInWords } from "../../lib/time";
import { Time } from "../../ui/time";
import { ActionButton } from "../../why/action-button";
import { roleName } from "../../why/words";
import { ChangesSection } from "./changes-section";
import { CompleteReview } from "./complete-review";
import { csvRows, HEADER } from "./csv";
import { type Finding, findingsOf, type Section as SectionId, SECTIONS } from "./findings";
import { PastSection } from "./past-section";
import { useReviews } from "./reviews";
import { Section } from "./section";
import "./review.css";

const DAY = 86_400;
const INACTIVE = [30, 60, 90, 180, 365];
const SOON = [7, 30, 90];
/** With more active global admins than this, the page suggests fewer. */
const MANY_ADMINS = 5;

export default function AccessReview() {
  const { overview, failure, retry } = useOverview();
  // The findings need the directory, which says when people were last seen.
  const { pending } = useDirectory();
  const { reviews, failure: unlisted, retry: retryList } = useReviews();
  const [completing, setCompleting] = useState(false);
  const last = reviews?.[0];
  return (
    <Page
      title="Access review"
      description={
        reviews &&
        (last ? (
          <>
            Last reviewed <Time at={last.at} />
            <By review={last} />
          </>
        ) : (
          "Never reviewed"
        ))
      }
      actions={
        <ActionButton do="audit.view" variant="primary" onClick={() => setCompleting(true)}>
          Mark as reviewed
        </ActionButton>
      }
    >
      <Failure failure={failure} title="The organization could not be fetched" onRetry={retry} />
      <Failure failure={unlisted} title="Past reviews could not be fetched" onRetry={retryList} />
      {overview && !pending ? (
        <Reviewed overview={overview} reviews={reviews ?? []} />
      ) : failure ? null : (
        <Loading what="Loading the organization" />
      )}
      {completing && <CompleteReview onClose={() => setCompleting(false)} />}
    </Page>
  );
}

function By({ review: { by } }: { review: Review }) {
  const names = useNames();
  return by === undefined ? null : ` by ${names.person(by)}`;
}

function Reviewed({ overview, reviews }: { overview: Overview; reviews: readonly Review[] }) {
  const { version } = useConsole();
  const { facts } = overview;
  const names = useNames();
  const { value: directory, failure, retry } = useDirectory();
  const [days, setDays] = useState("90");
  const [within, setWithin] = useState("30");
  const { tab = "inactive" } = useParams();
  const findings = useMemo(() => {
    const now = Math.floor(authorityTime());
    return findingsOf({
      facts,
      names,
      activity: directory?.activity,
      since: now - Number(days) * DAY,
      soon: now + Number(within) * DAY,
    });
    // Also with the version: the facts may be the same, but time has passed.
  }, [facts, names, directory, days, within, version]);
  const shown = Object.hasOwn(SECTIONS, tab) ? (tab as SectionId) : undefined;

  return (
    <>
      <Failure failure={failure} title="The times when people were last seen are missing" onRetry={retry} />
      <div className="toolbar review-options">
        <SelectField label="Inactive after" value={days} onChange={setDays} options={INACTIVE.map(inDays)} />
        <SelectField label="Expiring within" value={within} onChange={setWithin} options={SOON.map(inDays)} />
        <CsvButton name={`access-review-${new Date().toISOString().slice(0, 10)}`} header={HEADER} rows={() => csvRows(findings)} />
      </div>
      <nav className="tiles" aria-label="Parts of the review">
        {(Object.keys(SECTIONS) as SectionId[]).map((section) => (
          <Tile
            key={section}
            tab={section}
            here={tab}
            label={SECTIONS[section]}
            count={findings[section].length}
            marked={findings[section].some(({ flag }) => flag !== undefined)}
          />
        ))}
        <Tile tab="changes" here={tab} label="Changes" since={reviews.find(({ snapshot }) => snapshot)?.at} />
        <Tile tab="past" here={tab} label="Past reviews" count={reviews.length} />
      </nav>
      {shown && (
        <Section key={shown} section={shown} findings={findings[shown]}>
          {shown === "inactive" && directory && !directory.activity && (
            <Notice>
              <p>This authority does not record when people were last seen. Only suspended and invited people are listed.</p>
            </Notice>
          )}
          {shown === "admins" && <Admins findings={findings.admins} />}
        </Section>
      )}
      {tab === "changes" && <ChangesSection overview={overview} reviews={reviews} />}
      {tab === "past" && <PastSection reviews={reviews} />}
    </>
  );
}

interface TileProps {
  tab: string;
  here: string;
  label: string;
  count?: number;
  /** Whether something in it should catch the eye. */
  marked?: boolean;
  /** Unix seconds. */
  since?: number | undefined;
}

function Tile({ tab, here, label, count, marked = false, since }: TileProps) {
  return (
    <Link
      href={`/access/review/${tab}`}
      className={marked ? "tile marked" : "tile"}
      aria-current={tab === here ? "page" : undefined}
      data-tile={tab}
    >
      <strong>
        {count === undefined ? since === undefined ? "–" : <Day at={since} /> : new Intl.NumberFormat().format(count)}
      </strong>
      <span>{count === undefined && since !== undefined ? `${label} since then` : label}</span>
    </Link>
  );
}

const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

function Day({ at }: { at: number }) {
  return (
    <time dateTime={new Date(at * 1000).toISOString()} title={timeInWords(at)}>
      {day.format(at * 1000)}
    </time>
  );
}

/** The number of admins by role, with a warning if there are too few or too many global admins. */
function Admins({ findings }: { findings: readonly Finding[] }) {
  const numbers = new Map<string, number>();
  for (const { role = "" } of findings) numbers.set(role, (numbers.get(role) ?? 0) + 1);
  const active = findings.filter(
    ({ role, flag }) => role === roleName("global_admin") && flag !== "Suspended" && flag !== "Invited",
  ).length;
  return (
    <>
      <p>{listOf([...numbers].sort((one, other) => other[1] - one[1]).map(([role, count]) => `${role}: ${count}`))}.</p>
      {active === 1 && (
        <Notice kind="warn">
          <p>Only one global admin is active. If that account is lost, nobody can help. Make another person a global admin too.</p>
        </Notice>
      )}
      {active > MANY_ADMINS && (
        <Notice kind="warn">
          <p>{active} people can do everything. Fewer is safer: for most people, application admin is enough.</p>
        </Notice>
      )}
    </>
  );
}

function inDays(days: number): { value: string; label: string } {
  return { value: String(days), label: `${days} days` };
}
