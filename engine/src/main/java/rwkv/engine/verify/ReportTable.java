package rwkv.engine.verify;

import java.util.Locale;

/** A report as a table for other programs. */
public final class ReportTable {

  private ReportTable() {}

  /** One line for every site and every identity, in the order they were tested. */
  public static String csv(Report report) {
    StringBuilder csv =
        new StringBuilder("layer,site,values,largest,error,relative,token,channel,verdict\n");
    for (SiteError site : report.sites()) {
      csv.append(
          String.format(
              Locale.ROOT,
              "%d,%s,%d,%s,%s,%s,%d,%d,%s%n",
              site.layer(),
              site.site(),
              site.values(),
              site.largest(),
              site.error(),
              site.relative(),
              site.token(),
              site.channel(),
              Report.of(site.relative())));
    }
    for (Identity identity : report.identities()) {
      csv.append(
          String.format(
              Locale.ROOT,
              ",%s,,,,%s,,,%s%n",
              identity.name(),
              identity.relative(),
              Report.of(identity.relative())));
    }
    return csv.toString().replace("\r\n", "\n");
  }
}
