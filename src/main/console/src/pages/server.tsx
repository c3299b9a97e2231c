import { api } from '../api/client';
import type { Status, Worker } from '../api/types';
import { useLoad } from '../live/use-load';
import { useMay } from '../live/use-caller';
import { Await, Time, Title } from '../parts/basics';
import { Settings } from './settings';

export function ServerPage() {
  const mayAll = useMay('admin', '*');
  const status = useLoad((signal) => api.status(signal), [], 3000);
  return (
    <>
      <Title>Server</Title>
      <Await of={status}>{(known) => <Known status={known} />}</Await>
      {mayAll && <Settings />}
    </>
  );
}

function Known({ status }: { status: Status }) {
  return (
    <>
      <dl class="facts-list">
        <dt>Version</dt>
        <dd>{status.version}</dd>
        <dt>State</dt>
        <dd>{status.operationalState}</dd>
        <dt>Configuration</dt>
        <dd>{status.frozenConfig ? 'frozen: it comes from a file' : 'changed by the API'}</dd>
      </dl>
      {status.stuck.length > 0 && (
        <section>
          <h2>Statements that can’t be interrupted</h2>
          <ul>
            {status.stuck.map((one, index) => (
              <li key={index}>
                {one.projectName}/{one.packageName}: {one.what}, for {one.seconds} s
              </li>
            ))}
          </ul>
        </section>
      )}
      {status.projects.map((project) => (
        <section key={project.name}>
          <h2>{project.name}</h2>
          <dl class="facts-list">
            <dt>Tables and state</dt>
            <dd>
              {project.materializationStorage ? (
                <>
                  shared, in <code>{project.materializationStorage.dataPath}</code>
                </>
              ) : (
                'this server’s own'
              )}
            </dd>
            <dt>Connections</dt>
            <dd>
              {project.connections.map((one) => `${one.name} (${one.type})`).join(', ') ||
                'only each package’s duckdb'}
            </dd>
          </dl>
          <Workers workers={status.workers[project.name] ?? []} project={project.name} />
        </section>
      ))}
    </>
  );
}

function Workers({ workers, project }: { workers: Worker[]; project: string }) {
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={`Workers of ${project}`}>
      <table>
        <thead>
          <tr>
            <th scope="col">Worker</th>
            <th scope="col">Version</th>
            <th scope="col">Started</th>
            <th scope="col">Seen</th>
            <th scope="col">Serves</th>
          </tr>
        </thead>
        <tbody>
          {workers.map((worker) => (
            <tr key={worker.id}>
              <td>
                {worker.name}
                {worker.self ? ' (this one)' : ''}
              </td>
              <td>{worker.version}</td>
              <td>
                <Time at={worker.startedAt} />
              </td>
              <td>
                <Time at={worker.seenAt} />
              </td>
              <td>
                {worker.packages.map((one) => `${one.packageName} ${one.version}`).join(', ') ||
                  '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
