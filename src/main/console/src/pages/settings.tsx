import { api } from '../api/client';
import { useLoad } from '../live/use-load';
import { Await } from '../parts/basics';

/** What the server was started with, for who administers all of it. */
export function Settings() {
  const settings = useLoad((signal) => api.settings(signal), []);
  return (
    <section aria-labelledby="settings">
      <h2 id="settings">Settings</h2>
      <p class="muted">
        As they hold now; secrets aren’t shown. They are set when the server is started.
      </p>
      <Await of={settings}>
        {(known) => (
          <div class="scroll" tabIndex={0} role="group" aria-label="Settings">
            <table>
              <thead>
                <tr>
                  <th scope="col">Setting</th>
                  <th scope="col">Value</th>
                  <th scope="col">Set</th>
                </tr>
              </thead>
              <tbody>
                {known.map(({ name, value, given }) => (
                  <tr key={name}>
                    <th scope="row">
                      <code>{name}</code>
                    </th>
                    <td>{value === null || value === undefined || value === '' ? '–' : value}</td>
                    <td>{given ? 'yes' : <span class="muted">default</span>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Await>
    </section>
  );
}
