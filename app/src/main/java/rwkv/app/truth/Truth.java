package rwkv.app.truth;

import rwkv.engine.verify.Report;

/** What is known of the open model's numbers. */
public sealed interface Truth {

  /** No model is open. */
  record NoModel() implements Truth {}

  /** Nobody has looked yet. */
  record Untested() implements Truth {}

  /**
   * The test is running.
   *
   * @param done 0 to 1
   */
  record Testing(double done) implements Truth {}

  /** The test has ended. */
  record Tested(Report report) implements Truth {}

  /**
   * The test could not be carried out.
   *
   * @param sentence why, for a person
   */
  record Failed(String sentence) implements Truth {}
}
