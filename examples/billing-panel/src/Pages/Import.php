<?php

declare(strict_types=1);

namespace Panel\Pages;

use Panel\Parcel;
use Panel\Response;
use Pwvault\Exception\Csv;
use Pwvault\Exception\Denied;
use Pwvault\Exception\Invalid;
use Pwvault\Model\ImportArguments;
use Pwvault\Model\ImportReport;
use Pwvault\Model\RowPlan;

/**
 * A CSV file: looked at first, imported then. Between the two it waits in a parcel.
 */
final class Import extends Page
{
    private const PARCEL = 'csv';

    public function form(): Response
    {
        return $this->page('', 200);
    }

    public function upload(): Response
    {
        $file = $this->here->request->file('file');
        if ($file === null || $file === '') {
            return $this->page('Choose a CSV file first, of at most ' . ini_get('upload_max_filesize') . '.', 422);
        }
        try {
            // Looked at now, so that a bad file is refused beside the form; shown by the next page.
            $this->here->session()->previewImport($file);
        } catch (Csv | Invalid $refused) {
            return $this->page('This file is refused: ' . $refused->getMessage() . '.', 422);
        }
        $key = Parcel::leave($this->here->visitor, self::PARCEL, $file);
        return $this->here->done('/import/preview')->withCookie(Parcel::COOKIE, $key);
    }

    public function preview(): Response
    {
        $file = $this->file();
        if ($file === null) {
            return Response::redirect('/import');
        }
        $report = $this->here->session()->previewImport($file);
        return $this->here->page('import-preview', ['title' => 'Preview', 'report' => $report, 'counts' => self::counts($report)]);
    }

    public function import(): Response
    {
        $file = $this->file();
        if ($file === null) {
            return $this->here->done('/import', 'The file is no longer there: choose it again.');
        }
        if ($this->here->request->line('cancel') !== '') {
            Parcel::drop($this->here->visitor, self::PARCEL);
            return $this->here->done('/import', 'Nothing was imported.')->withCookie(Parcel::COOKIE, '');
        }
        $report = $this->here->session()->import($file, new ImportArguments(goodRowsOnly: true));
        Parcel::drop($this->here->visitor, self::PARCEL);
        $count = count($report->imported);
        $told = $count === 1 ? 'One entry was imported.' : "$count entries were imported.";
        return $this->here->done('/entries', $told)->withCookie(Parcel::COOKIE, '');
    }

    /**
     * @return array{new: int, known: int, skipped: int, bad: int}
     */
    private static function counts(ImportReport $report): array
    {
        $counts = ['new' => 0, 'known' => 0, 'skipped' => 0, 'bad' => 0];
        foreach ($report->rows as $row) {
            $counts[match (true) {
                $row->plan instanceof RowPlan\Create => 'new',
                $row->plan instanceof RowPlan\Duplicate => 'known',
                $row->plan instanceof RowPlan\Skip => 'skipped',
                default => 'bad',
            }]++;
        }
        return $counts;
    }

    private function file(): ?string
    {
        return Parcel::open($this->here->visitor, $this->here->request, self::PARCEL);
    }

    private function page(string $fault, int $status): Response
    {
        return $this->here->page('import', ['title' => 'Import', 'fault' => $fault], $status);
    }
}
