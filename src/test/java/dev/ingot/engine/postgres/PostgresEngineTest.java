package dev.ingot.engine.postgres;

import dev.ingot.engine.Engine;
import dev.ingot.engine.EngineSuite;

/** What every engine does. */
class PostgresEngineTest extends EngineSuite {

  private final PostgresFixture at = new PostgresFixture(LIMIT);

  @Override
  protected Engine open() {
    return at.open(folder);
  }

  @Override
  protected void shut() {
    at.shut();
  }

  @Override
  protected void execute(String sql) {
    at.execute(sql);
  }

  @Override
  protected void needsSchema(String name) {
    at.needsSchema(name);
  }

  @Override
  protected String numbers(int count) {
    return PostgresFixture.numbers(count);
  }

  @Override
  protected String failing() {
    return PostgresFixture.failing();
  }

  @Override
  protected String endless(String name) {
    return PostgresFixture.endless(name);
  }

  @Override
  protected boolean hasBegun(String name) {
    return at.hasBegun(name);
  }
}
