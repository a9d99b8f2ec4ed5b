import io.github.nnopen.Config;
import io.github.nnopen.Session;
import io.github.nnopen.Step;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What nnopen costs on the JVM beside a program that signs by hand with javax.crypto: {@code cargo xtask bench jvm}.
 *
 * <p>Both get the body as text. nnopen checks an order against the model and all rules; the program by hand checks nothing. They
 * run turn by turn in this process until the compiler has done its work; the best round of each counts. A line of JSON for each.
 */
public final class Bench {
    private static final String KEY = "SD00000001";
    private static final String SECRET = "SD00000000000001";
    private static final String TAX_NUM = "339901999999142";
    private static final String ISSUE = "nuonuo.OpeMplatform.requestBillingNew";
    private static final int ROUNDS = 300;
    private static final long ROUND = 4_000_000;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static Object sink;

    public static void main(String[] args) {
        System.out.println("{\"runtime\":\"Java " + System.getProperty("java.version") + "\"}");
        try (Session session = open()) {
            String text = "{\"filler\":\"" + "x".repeat(1024 - 13) + "\"}";
            compare("body of 1 KiB given as text", () -> send(session.raw(ISSUE, text)), () -> byHand(text));
            for (int lines : new int[] {1, 10, 100}) {
                String order = order(lines);
                compare(
                    "order of " + lines + " lines as JSON text, checked",
                    () -> send(session.start("call", ISSUE, order)),
                    () -> byHand(order));
            }
        }
    }

    private static Session open() {
        return new Session(Config.builder(KEY, SECRET, TAX_NUM).permanentToken("0123456789abcdef0123456789abcdef").build());
    }

    private static Object send(io.github.nnopen.Call<?> call) {
        byte[] entropy = new byte[20];
        RANDOM.nextBytes(entropy);
        Step step = call.step(System.currentTimeMillis(), entropy);
        call.close();
        if (!(step instanceof Step.Send)) throw new IllegalStateException("nothing to send");
        return step;
    }

    private static Object byHand(String body) {
        byte[] random = new byte[20];
        RANDOM.nextBytes(random);
        StringBuilder senid = new StringBuilder(32);
        for (int at = 0; at < 16; at++) senid.append(Character.forDigit(random[at] >> 4 & 15, 16)).append(Character.forDigit(random[at] & 15, 16));
        int nonce = 10_000_000 + (random[16] & 255) * 65_536 + (random[17] & 255) * 256 + (random[18] & 255);
        long timestamp = System.currentTimeMillis() / 1000;
        String text = "a=services&l=v1&p=open&k=" + KEY + "&i=" + senid + "&n=" + nonce + "&t=" + timestamp + "&f=" + body;
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String order(int lines) {
        StringBuilder text = new StringBuilder("{\"order\":{\"buyerName\":\"示例购方有限公司\",\"buyerTaxNum\":\"339901999999199\","
            + "\"salerTaxNum\":\"" + TAX_NUM + "\",\"salerTel\":\"0571-00000000\",\"salerAddress\":\"示例市示例路1号\","
            + "\"orderNo\":\"BENCH-1\",\"invoiceDate\":\"2026-09-22 10:00:00\",\"clerk\":\"示例\",\"pushMode\":\"1\","
            + "\"buyerPhone\":\"13800000000\",\"invoiceType\":\"1\",\"invoiceLine\":\"pc\",\"invoiceDetail\":[");
        for (int at = 0; at < lines; at++) {
            int cents = 10_000 + 100 * (at % 977);
            int tax = cents * 13 / 100;
            text.append(at == 0 ? "" : ",")
                .append("{\"goodsName\":\"激光打印机\",\"goodsCode\":\"1090511030000000000\",\"withTaxFlag\":\"0\",\"price\":\"").append(yuan(cents))
                .append("\",\"num\":\"1\",\"unit\":\"台\",\"specType\":\"A4 双面\",\"tax\":\"").append(yuan(tax))
                .append("\",\"taxRate\":\"0.13\",\"taxExcludedAmount\":\"").append(yuan(cents))
                .append("\",\"taxIncludedAmount\":\"").append(yuan(cents + tax))
                .append("\",\"invoiceLineProperty\":\"0\",\"favouredPolicyFlag\":\"0\"}");
        }
        return text.append("]}}").toString();
    }

    private static String yuan(int cents) {
        return cents / 100 + "." + cents / 10 % 10 + cents % 10;
    }

    private static void compare(String name, Supplier<Object> ours, Supplier<Object> theirs) {
        double[] best = {Double.MAX_VALUE, Double.MAX_VALUE};
        Supplier<?>[] programs = {ours, theirs};
        int[] turns = new int[2];
        for (int at = 0; at < 2; at++) {
            // Until the compiler has done its work.
            for (long end = System.nanoTime() + 1_000_000_000L; System.nanoTime() < end; ) timed(50, programs[at]);
            turns[at] = (int) Math.max(1, ROUND / timed(50, programs[at]));
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (int at = 0; at < 2; at++) best[at] = Math.min(best[at], timed(turns[at], programs[at]));
        }
        System.out.printf(
            Locale.ROOT,
            "{\"name\":\"%s\",\"beside\":\"javax.crypto\",\"ours_ns\":%.0f,\"theirs_ns\":%.0f,\"ratio\":%.4f}%n",
            name, best[0], best[1], best[1] / best[0]);
    }

    /** Nanoseconds of one turn. */
    private static double timed(int turns, Supplier<?> program) {
        long begun = System.nanoTime();
        for (int turn = 0; turn < turns; turn++) sink = program.get();
        return (System.nanoTime() - begun) / (double) turns;
    }

    private Bench() {}
}
