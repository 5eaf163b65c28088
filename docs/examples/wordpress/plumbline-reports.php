<?php
/**
 * Plugin Name: Plumbline reports
 * Description: Shows verdict reports of a Plumbline desk in posts, and keeps them current. An example to start from.
 * Version: 1.0
 * License: MIT
 *
 * In wp-config.php:
 *   define('PLUMBLINE_DESK', 'https://desk.example.org');        // no slash at the end
 *   define('PLUMBLINE_SECRET', 'whsec_…');                        // of the receiver; for the calls below
 *   define('PLUMBLINE_MARKUP', false);                            // see plumbline_markup()
 *
 * In a post: paste the address of a report on a line of its own, or write [plumbline slug="toll-and-buses"].
 * In the desk, under Settings, Programs that are told: add https://your-site/wp-json/plumbline/v1/told
 */

if (!defined('ABSPATH') || !defined('PLUMBLINE_DESK')) {
    return;
}

// 1. The address of a report becomes its embed, through the desk's own oEmbed.
add_action('init', function () {
    wp_oembed_add_provider(PLUMBLINE_DESK . '/reports/*', PLUMBLINE_DESK . '/oembed');
});

// 2. The same as a shortcode. The link inside is what readers see where frames are blocked.
add_shortcode('plumbline', function ($given) {
    $slug = sanitize_title($given['slug'] ?? '');
    if ($slug === '') {
        return '';
    }
    return sprintf(
        '<iframe src="%1$s/embed/%2$s/" title="%3$s" width="600" height="320" loading="lazy" sandbox="allow-popups">'
        . '<a href="%1$s/reports/%2$s/">%3$s</a></iframe>',
        esc_url(PLUMBLINE_DESK),
        esc_attr($slug),
        esc_attr__('Fact check', 'plumbline')
    );
});

/**
 * 3. ClaimReview, for desks whose public site is this WordPress and whose posts hold the whole check.
 *
 * Switch it on only then: a ClaimReview may stand on one page of one site. A newspaper that embeds the reports of
 * somebody else must leave it off. It is printed on single posts that name exactly one report.
 */
function plumbline_markup(): void {
    if (!defined('PLUMBLINE_MARKUP') || !PLUMBLINE_MARKUP || !is_singular('post')) {
        return;
    }
    $slugs = plumbline_slugs(get_post()->post_content);
    if (count($slugs) !== 1) {
        return;
    }
    $review = plumbline_claimreview($slugs[0]);
    if ($review === null) {
        return; // withdrawn, or the desk is away
    }
    $review['url'] = get_permalink();
    // HEX_TAG and HEX_AMP keep any text from ending the script element.
    $json = wp_json_encode($review, JSON_UNESCAPED_UNICODE | JSON_HEX_TAG | JSON_HEX_AMP);
    echo '<script type="application/ld+json">' . $json . "</script>\n";
}
add_action('wp_head', 'plumbline_markup');

function plumbline_slugs(string $content): array {
    $desk = preg_quote(PLUMBLINE_DESK, '~');
    preg_match_all('~' . $desk . '/reports/([a-z0-9_-]+)/|\[plumbline slug="([a-z0-9_-]+)"~', $content, $found, PREG_SET_ORDER);
    return array_values(array_unique(array_map(fn ($one) => $one[2] ?? $one[1], $found)));
}

function plumbline_claimreview(string $slug): ?array {
    $key = 'plumbline_' . md5($slug);
    $kept = get_transient($key);
    if (is_array($kept)) {
        return $kept ?: null;
    }
    $answer = wp_remote_get(PLUMBLINE_DESK . "/reports/$slug/claimreview.jsonld", ['timeout' => 5]);
    $code = wp_remote_retrieve_response_code($answer);
    $review = $code === 200 ? json_decode(wp_remote_retrieve_body($answer), true) : null;
    if (is_array($review) || $code === 410 || $code === 404) {
        set_transient($key, $review ?: [], HOUR_IN_SECONDS);
    }
    return is_array($review) ? $review : null;
}

// 4. The desk tells of corrections and withdrawals: what is kept is forgotten at once.
add_action('rest_api_init', function () {
    register_rest_route('plumbline/v1', '/told', [
        'methods' => 'POST',
        'permission_callback' => 'plumbline_is_genuine',
        'callback' => function (WP_REST_Request $request) {
            $slug = $request->get_json_params()['report']['slug'] ?? '';
            if ($slug !== '') {
                delete_transient('plumbline_' . md5($slug));
            }
            return new WP_REST_Response(null, 204);
        },
    ]);
});

function plumbline_is_genuine(WP_REST_Request $request): bool {
    $stamp = (string) $request->get_header('X-Plumbline-Timestamp');
    if (!defined('PLUMBLINE_SECRET') || !ctype_digit($stamp) || abs(time() - (int) $stamp) > 300) {
        return false;
    }
    $expected = 'v1=' . hash_hmac('sha256', $stamp . '.' . $request->get_body(), PLUMBLINE_SECRET);
    foreach (explode(',', (string) $request->get_header('X-Plumbline-Signature')) as $given) {
        if (hash_equals($expected, trim($given))) {
            return true;
        }
    }
    return false;
}
